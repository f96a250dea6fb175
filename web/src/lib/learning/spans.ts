import type { Span } from '#lib/api/types.ts';

/** Half-open spans [start, end): sorted, apart from each other, none empty. */
export function union(...lists: (readonly Span[])[]): Span[] {
	const sorted = lists.flat().filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0]);
	const joined: Span[] = [];
	for (const [start, end] of sorted) {
		const last = joined.at(-1);
		if (last && start <= last[1]) last[1] = Math.max(last[1], end);
		else joined.push([start, end]);
	}
	return joined;
}

export function covered(spans: readonly Span[]): number {
	return union(spans).reduce((sum, [start, end]) => sum + end - start, 0);
}

/** What is missing up to `end`; gaps shorter than `least` are not worth a word. */
export function gaps(spans: readonly Span[], end: number, least = 0): Span[] {
	const missing: Span[] = [];
	let reached = 0;
	for (const [start, stop] of union(spans)) {
		if (start > reached) missing.push([reached, Math.min(start, end)]);
		reached = Math.max(reached, stop);
	}
	if (reached < end) missing.push([reached, end]);
	return missing.filter(([start, stop]) => stop - start > least);
}

/** Pages come inclusive over the wire; [[1, 3]] is three pages. */
export function fromPages(pages: readonly Span[]): Span[] {
	return union(pages.map(([first, last]): Span => [first, last + 1]));
}

export function toPages(spans: readonly Span[]): Span[] {
	return union(spans).map(([start, end]): Span => [start, end - 1]);
}
