import { visitor } from '#lib/accounts/session.svelte.ts';
import { theme } from '#lib/ui/theme.svelte.ts';
import { usePreferredLanguage } from '#lib/words/words.svelte.ts';

export const ssr = false;

export async function load(): Promise<void> {
	theme.open();
	void visitor.open();
	await usePreferredLanguage();
}
