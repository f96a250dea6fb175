export interface Said {
	text: string;
	/** takes back what was done */
	undo?: () => void;
}

const SHOWN = 6_000;

/** One thing at a time that has already been done, told for a while; never while it is being read. */
class Toasts {
	current = $state.raw<Said | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;

	say(text: string, undo?: () => void): void {
		this.current = { text, undo };
		this.release();
	}

	/** Under the pointer or the focus it stays. */
	hold(): void {
		clearTimeout(this.#timer);
	}

	release(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => { this.clear(); }, SHOWN);
	}

	clear(): void {
		clearTimeout(this.#timer);
		this.current = null;
	}
}

export const toasts = new Toasts();
