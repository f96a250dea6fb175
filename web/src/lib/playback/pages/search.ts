/** The pages that hold all the words, in any order and however they are written. */
export function pagesWith(texts: readonly { number: number; text: string }[], wanted: string): number[] {
	const words = folded(wanted).split(/\s+/).filter(Boolean);
	if (!words.length) return [];
	return texts.filter(({ text }) => words.every((word) => folded(text).includes(word))).map(({ number }) => number);
}

function folded(text: string): string {
	return text.normalize('NFKC').toLocaleLowerCase();
}

/** Marks the runs of a page's text layer that hold one of the words. */
export function markRuns(layer: ParentNode, wanted: string): void {
	const words = folded(wanted).split(/\s+/).filter(Boolean);
	for (const run of layer.querySelectorAll('span')) {
		run.classList.toggle('found', run.childElementCount === 0 && words.some((word) => folded(run.textContent).includes(word)));
	}
}
