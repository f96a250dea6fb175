import { visitor } from '#lib/accounts/session.svelte.ts';
import { theme } from '#lib/ui/theme.svelte.ts';
import { roomsOf } from '#lib/words/rooms.ts';
import { openWords } from '#lib/words/words.svelte.ts';

export const ssr = false;

export async function load({ route }: { route: { id: string | null } }): Promise<void> {
	theme.open();
	void visitor.open();
	await openWords(roomsOf(route.id ?? ''));
}
