const FIRST = 6;
const STEP = 10;

/**
 * How much of a long list is drawn: what the first look needs at once, the rest from frame to frame, so that neither the
 * first look nor a finger waits for a thousand rows.
 */
export class Gradual {
	drawn = $state(FIRST);

	constructor(count: () => number) {
		$effect(() => {
			if (this.drawn < count()) return afterFrame(() => (this.drawn += STEP));
		});
	}
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
