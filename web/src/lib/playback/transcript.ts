import type { Cue } from './vtt.ts';

export interface Paragraph {
	start: number;
	title: string | null;
	cues: Cue[];
}

const PAUSE = 2.5;
const LONGEST = 12;

/** Captions as prose: a paragraph ends at a chapter, at a pause, or at a sentence when it grows long. */
export function paragraphs(cues: readonly Cue[], chapters: readonly Cue[] = []): Paragraph[] {
	const found: Paragraph[] = [];
	for (const cue of cues) {
		const last = found.at(-1);
		const chapter = chapters.findLast(({ start }) => start <= cue.start + 0.5);
		const before = last?.cues.at(-1);
		const entered = !!chapter && (!before || before.start + 0.5 < chapter.start);
		if (!last || !before || entered || endsHere(last, before, cue)) {
			found.push({ start: cue.start, title: entered ? chapter.text : null, cues: [cue] });
		} else last.cues.push(cue);
	}
	return found;
}

function endsHere(block: Paragraph, before: Cue, cue: Cue): boolean {
	if (cue.start - before.end > PAUSE) return true;
	return block.cues.length >= LONGEST && /[.!?…。？！]["”’)]?$/.test(before.text);
}
