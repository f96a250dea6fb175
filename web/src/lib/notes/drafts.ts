/** What is being written and was not kept yet, so that closing the page loses none of it. */
export interface Draft {
	text: string;
	at: number | null;
}

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export class Drafts {
	#store: Store;
	#key: string;

	constructor(store: Store, person: string, contentId: string) {
		this.#store = store;
		this.#key = `lms.draft.${person}.${contentId}`;
	}

	find(): Draft | null {
		try {
			const draft = JSON.parse(this.#store.getItem(this.#key) ?? 'null') as Partial<Draft> | null;
			if (typeof draft?.text !== 'string' || !draft.text) return null;
			return { text: draft.text, at: typeof draft.at === 'number' ? draft.at : null };
		} catch {
			return null;
		}
	}

	keep(draft: Draft): void {
		try {
			if (draft.text) this.#store.setItem(this.#key, JSON.stringify(draft));
			else this.#store.removeItem(this.#key);
		} catch {
			// a full store: the words still stand in the field
		}
	}
}
