import type { Site, User } from '#lib/api/types.ts';

/** Who was here last on this device, so that a page asks for its own things at once instead of asking first who is here. */
export interface Remembered {
	user: User | null;
	site: Site;
	enrolled: string[];
}

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEY = 'lms.visitor';

export function recall(store: Store): Remembered | null {
	try {
		const kept = JSON.parse(store.getItem(KEY) ?? 'null') as Partial<Remembered> | null;
		if (!kept?.site || !Array.isArray(kept.enrolled) || kept.user === undefined) return null;
		return { user: kept.user, site: kept.site, enrolled: kept.enrolled };
	} catch {
		return null;
	}
}

export function remember(store: Store, visitor: Remembered | null): void {
	try {
		if (visitor) store.setItem(KEY, JSON.stringify(visitor));
		else store.removeItem(KEY);
	} catch {
		// a full store: the next page asks first
	}
}
