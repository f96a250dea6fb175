import type { AccountWords } from './en/account.ts';
import type { DeskWords } from './en/desk.ts';
import { en, type CoreWords } from './en.ts';
import type { LessonWords } from './en/lesson.ts';
import type { NotesWords } from './en/notes.ts';

export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

/** All words of the product. Those of the rooms below are there only on the pages that `roomsOf` names. */
export type Words = CoreWords & AccountWords & DeskWords & LessonWords & NotesWords;

type Bring = () => Promise<{ words: Partial<Words> }>;

/** Words that the first page does not need come with the pages that do. */
const rooms = {
	account: { en: () => import('./en/account.ts'), de: () => import('./de/account.ts') },
	lesson: { en: () => import('./en/lesson.ts'), de: () => import('./de/lesson.ts') },
	desk: { en: () => import('./en/desk.ts'), de: () => import('./de/desk.ts') },
	notes: { en: () => import('./en/notes.ts'), de: () => import('./de/notes.ts') }
} satisfies Record<string, Record<Language, Bring>>;

export type Room = keyof typeof rooms;
export const roomNames = Object.keys(rooms) as Room[];

/** The rooms whose words a route needs. */
export function roomsOf(route: string): Room[] {
	if (route.startsWith('/(door)/') || route === '/account') return ['account'];
	if (route.includes('[content_id]')) return ['lesson', 'notes'];
	if (route === '/notes') return ['notes'];
	if (route.startsWith('/admin')) return ['desk'];
	return [];
}

export async function bringWords(language: Language, wanted: Iterable<Room>): Promise<Words> {
	const core = language === 'en' ? en : import('./de.ts').then(({ de }) => de);
	const parts = [...wanted].map(async (room) => (await rooms[room][language]()).words);
	return Object.assign({}, ...(await Promise.all([core, ...parts]))) as Words;
}

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];

/** Which way a language runs; the pages are laid out by logical properties alone, so nothing else has to know. */
export function directionOf(language: string): 'ltr' | 'rtl' {
	return RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr';
}
