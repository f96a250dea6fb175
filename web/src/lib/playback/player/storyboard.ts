import { fetchVtt } from '../vtt.ts';

export interface Picture {
	url: string;
	x: number;
	y: number;
	width: number;
	height: number;
}

export interface Storyboard {
	at: (second: number) => Picture | null;
}

/** The pictures for the seek bar: WebVTT whose cues name a rectangle of a sprite. */
export async function openStoryboard(url: string): Promise<Storyboard> {
	const cues = await fetchVtt(url);
	const base = new URL(url, location.href);
	return {
		at: (second) => {
			const cue = cues.findLast(({ start }) => start <= second);
			return cue ? pictureOf(cue.text, base) : null;
		}
	};
}

export function pictureOf(text: string, base: URL): Picture | null {
	const address = new URL(text.trim(), base);
	const match = /^#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/.exec(address.hash);
	if (!match) return null;
	const [x = 0, y = 0, width = 0, height = 0] = match.slice(1).map(Number);
	address.hash = '';
	return { url: address.href, x, y, width, height };
}
