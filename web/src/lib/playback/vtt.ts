/** One piece of text with its time: a caption, a chapter, or the address of a storyboard picture. */
export interface Cue {
	start: number;
	end: number;
	text: string;
}

const TIMES = /^((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})/;

/** Reads WebVTT leniently: a cue that makes no sense is left out, the rest stays. */
export function parseVtt(file: string): Cue[] {
	const blocks = file.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n').split(/\n{2,}/);
	const cues = blocks.map(cueOf).filter((cue): cue is Cue => cue !== null);
	return cues.sort((a, b) => a.start - b.start || a.end - b.end);
}

function cueOf(block: string): Cue | null {
	const lines = block.split('\n');
	const at = lines.findIndex((line) => TIMES.test(line));
	const match = TIMES.exec(lines[at] ?? '');
	if (!match) return null;
	const start = seconds(match[1] ?? '');
	const end = seconds(match[2] ?? '');
	const text = plain(lines.slice(at + 1).join('\n')).trim();
	return text && end > start ? { start, end, text } : null;
}

function seconds(text: string): number {
	return text.replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00A0', lrm: '\u200E', rlm: '\u200F', quot: '"' };

/** Without voices, classes and timestamps; what is left is text and never markup. */
function plain(text: string): string {
	return text.replace(/<[^>]*>/g, '').replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** What stands at a second; captions may overlap. */
export function cuesAt(cues: readonly Cue[], second: number): Cue[] {
	return cues.filter((cue) => cue.start <= second && second < cue.end);
}

export async function fetchVtt(url: string): Promise<Cue[]> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`captions answered ${String(response.status)}`);
	return parseVtt(await response.text());
}
