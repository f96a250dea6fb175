import { Problem } from '#lib/api/problem.ts';
import type { TextFile } from '#lib/api/types.ts';
import { getPlayback } from '../playback.ts';

async function fetchText(url: string): Promise<Response> {
	try {
		return await fetch(url);
	} catch {
		throw new Problem({ status: 0, code: 'offline' });
	}
}

export interface OpenedText {
	text: TextFile;
	/** the address that it came from, for what is relative to it */
	url: string;
}

/** The text of a document; an address that has ended is renewed once. */
export async function getText(contentId: string, url: string): Promise<OpenedText> {
	let address = url;
	let response = await fetchText(address);
	if (response.status === 410) {
		const fresh = await getPlayback(contentId);
		address = fresh.pages?.text_url ?? url;
		response = await fetchText(address);
	}
	if (!response.ok) throw new Problem({ status: response.status, code: 'text_failed' });
	return { text: (await response.json()) as TextFile, url: address };
}
