import { updated } from '$app/state';
import { visitor } from '#lib/accounts/session.svelte.ts';
import { theme } from '#lib/ui/theme.svelte.ts';
import { roomsOf, type Room } from '#lib/words/rooms.ts';
import { openWords } from '#lib/words/words.svelte.ts';

export const ssr = false;

export async function load({ route }: { route: { id: string | null } }): Promise<{ worded: boolean }> {
	theme.open();
	void visitor.open();
	return { worded: await haveCome(roomsOf(route.id ?? '')) };
}

/** Without its words a page cannot be shown, but what says so can. */
async function haveCome(rooms: Room[]): Promise<boolean> {
	try {
		await openWords(rooms);
		return true;
	} catch (gone) {
		if (await updated.check().catch(() => false)) throw gone; // SvelteKit asks for the page of today
		return false;
	}
}
