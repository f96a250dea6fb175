import type { Wishes } from './plan.ts';

/** What somebody wants of a folder that is on its way: kept in this browser, so that a closed page loses no title. */
export interface WantedFolder {
	plan: Wishes;
	publish: boolean;
	/** the folder is the course's own */
	whole?: boolean;
}

const keyOf = (id: string): string => `lms.folder.${id}`;

export function keepWanted(id: string, wanted: WantedFolder): void {
	try {
		localStorage.setItem(keyOf(id), JSON.stringify(wanted));
	} catch {
		// a browser without room for it: what was changed is lost with the page, and nothing else
	}
}

export function findWanted(id: string): WantedFolder | null {
	try {
		return JSON.parse(localStorage.getItem(keyOf(id)) ?? 'null') as WantedFolder | null;
	} catch {
		return null;
	}
}

export function forgetWanted(id: string): void {
	localStorage.removeItem(keyOf(id));
}
