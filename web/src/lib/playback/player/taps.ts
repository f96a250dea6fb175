const DOUBLE = 300;
const EDGE = 0.35;

/** Fingers on the picture: one tap is about the controls, a quick second at the same side leaps, and so does each one after it. */
export class Taps {
	#last = -Infinity;
	#side = 0;

	/** Which way to leap: -1, 1, or 0 for a tap that stands alone; `share` is how far across the picture it fell. */
	hear(at: number, share: number): -1 | 0 | 1 {
		const side = share < EDGE ? -1 : share > 1 - EDGE ? 1 : 0;
		const quick = at - this.#last < DOUBLE && side === this.#side;
		[this.#last, this.#side] = [at, side];
		return quick ? side : 0;
	}
}

interface Point {
	clientX: number;
	clientY: number;
}

const FAR = 60;

/** A stroke straight down, as people leave the whole screen with. */
export function isStrokeDown(from: Point, to: Point): boolean {
	const down = to.clientY - from.clientY;
	return down > FAR && down > 2 * Math.abs(to.clientX - from.clientX);
}
