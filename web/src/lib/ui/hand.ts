const SIGNS = ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'keydown'] as const;

/** Calls back once, at the first sign of a hand on the page, or after so many milliseconds without one. */
export function atFirstHand(then: () => void, patience: number, signal: AbortSignal): void {
	const waiting = new AbortController();
	const go = (): void => {
		waiting.abort();
		then();
	};
	const timer = setTimeout(go, patience);
	const forget = (): void => { clearTimeout(timer); };
	waiting.signal.addEventListener('abort', forget);
	signal.addEventListener('abort', () => { waiting.abort(); });
	for (const sign of SIGNS) window.addEventListener(sign, go, { passive: true, signal: waiting.signal });
}
