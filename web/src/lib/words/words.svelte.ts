import { en, type Words } from './en.ts';

export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const KEY = 'lms.language';

let current = $state.raw<{ language: Language; words: Words }>({ language: 'en', words: en });

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

export async function useLanguage(name: Language): Promise<void> {
	const words = name === 'de' ? (await import('./de.ts')).de : en;
	current = { language: name, words };
	document.documentElement.lang = name;
}

export async function usePreferredLanguage(): Promise<void> {
	try {
		await useLanguage(preferred());
	} catch {
		await useLanguage('en'); // better in English than not at all
	}
}

export async function chooseLanguage(name: Language): Promise<void> {
	localStorage.setItem(KEY, name);
	await useLanguage(name);
}
