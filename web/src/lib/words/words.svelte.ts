import { en } from './en.ts';
import { bringWords, directionOf, languages, type Language, type Room, type Words } from './rooms.ts';

export { languages, type Language };

const KEY = 'lms.language';

let current = $state.raw<{ language: Language; words: Words }>({ language: 'en', words: en as Words });
let wanted: Language | undefined;
let opened: readonly Room[] = [];
let turn = 0;
let latest: Promise<void> | undefined;

/** The words of the chosen language. */
export function t(): Words {
	return current.words;
}

export function language(): Language {
	return current.language;
}

function isLanguage(name: string | null | undefined): name is Language {
	return !!name && Object.hasOwn(languages, name);
}

function preferred(): Language {
	const chosen = localStorage.getItem(KEY);
	if (isLanguage(chosen)) return chosen;
	return navigator.languages.map((name) => name.slice(0, 2)).find(isLanguage) ?? 'en';
}

async function bring(name: Language): Promise<void> {
	const mine = ++turn;
	const words = await bringWords(name, opened);
	if (mine !== turn) return latest;
	current = { language: name, words };
	document.documentElement.lang = name;
	document.documentElement.dir = directionOf(name);
}

function use(name: Language): Promise<void> {
	wanted = name;
	const coming = bring(name);
	latest = coming;
	coming.catch(() => (latest = undefined)); // the next page tries again
	return coming;
}

/** Brings the words that a page needs, in the language that this person likes. */
export async function openWords(rooms: readonly Room[]): Promise<void> {
	const missing = rooms.filter((room) => !opened.includes(room));
	if (latest && missing.length === 0) return latest;
	opened = [...opened, ...missing];
	try {
		await use(wanted ?? preferred());
	} catch {
		await use('en'); // better in English than not at all
	}
}

export async function chooseLanguage(name: Language): Promise<void> {
	localStorage.setItem(KEY, name);
	await use(name);
}
