export const rates = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

interface Stored {
	rate: number;
	volume: number;
	muted: boolean;
	/** the language of the captions, empty for none */
	captions: string;
	goOn: boolean;
	/** the stage across the whole window */
	wide: boolean;
}

const KEY = 'lms.player';
const first: Stored = { rate: 1, volume: 1, muted: false, captions: '', goOn: true, wide: false };

function read(): Stored {
	try {
		return { ...first, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Stored>) };
	} catch {
		return first;
	}
}

/** How this person likes to watch, kept on this device. */
class PlayerSettings {
	#now = $state.raw<Stored>(read());

	get now(): Stored {
		return this.#now;
	}

	change(changes: Partial<Stored>): void {
		this.#now = { ...this.#now, ...changes };
		localStorage.setItem(KEY, JSON.stringify(this.#now));
	}
}

export const settings = new PlayerSettings();
