import type { Span } from '#lib/api/types.ts';
import { union } from './spans.ts';

/** A step of the clock longer than this, at normal speed, was a jump that nobody announced. */
const LONGEST_STEP = 4;

/** Turns the ticks of a playing clock into the spans that were truly watched. */
export class WatchedTape {
	#from: number | null = null;
	#last = 0;
	#fresh: Span[] = [];

	/** The clock runs and shows `second`. */
	tick(second: number, rate = 1): void {
		const step = second - this.#last;
		if (this.#from === null || step < 0 || step > LONGEST_STEP * Math.max(1, rate)) {
			this.cut();
			this.#from = second;
		}
		this.#last = second;
	}

	/** The clock stopped or was moved. */
	cut(): void {
		if (this.#from !== null && this.#last > this.#from) this.#fresh = union(this.#fresh, [[this.#from, this.#last]]);
		this.#from = null;
	}

	/** What was watched since the last time this was asked; watching goes on. */
	take(): Span[] {
		const goesOn = this.#from !== null;
		this.cut();
		if (goesOn) this.#from = this.#last;
		const taken = this.#fresh;
		this.#fresh = [];
		return taken;
	}

	/** The span being watched just now, for the coverage line. */
	get open(): Span | null {
		return this.#from === null ? null : [this.#from, this.#last];
	}
}
