import { tick } from 'svelte';

const FIRST = 4;
const LEAST = 2;
const BUDGET = 8;

/**
 * How much of a long list is drawn: what the first look needs at once, the rest from frame to frame, as much in each as this
 * device draws in some milliseconds, so that neither the first look nor a finger waits for a thousand rows.
 */
export class Gradual {
	drawn = $state(FIRST);
	#step = FIRST;

	constructor(count: () => number) {
		$effect(() => {
			if (this.drawn < count()) return afterFrame(() => void this.#draw());
		});
	}

	async #draw(): Promise<void> {
		const began = performance.now();
		this.drawn += this.#step;
		await tick();
		const fitting = Math.round((this.#step * BUDGET) / Math.max(1, performance.now() - began));
		this.#step = Math.min(2 * this.#step, Math.max(LEAST, fitting));
	}
}

/** What the first look can do without for a frame, which then is there sooner. */
export class NextFrame {
	come = $state(false);

	constructor() {
		$effect(() => afterFrame(() => (this.come = true)));
	}
}

/** When the device has nothing better to do; where it does not tell, a moment later. */
export function whenIdle(then: () => void): void {
	if ('requestIdleCallback' in window) requestIdleCallback(then, { timeout: 500 });
	else setTimeout(then, 200);
}

/** After the next frame is on the screen; a page that nobody looks at has no frames, and goes on by itself. */
function afterFrame(then: () => void): () => void {
	let timer = setTimeout(then, 200);
	const frame = requestAnimationFrame(() => {
		clearTimeout(timer);
		timer = setTimeout(then);
	});
	return () => {
		cancelAnimationFrame(frame);
		clearTimeout(timer);
	};
}
