import { ENDPOINT } from './sending.svelte.ts';

/** The largest file that the box takes, in bytes; without an answer nothing is refused here, the box says it then. */
export async function largestFile(): Promise<number> {
	try {
		const answer = await fetch(ENDPOINT, { method: 'OPTIONS', headers: { 'Tus-Resumable': '1.0.0' } });
		return Number(answer.headers.get('Tus-Max-Size') ?? Infinity) || Infinity;
	} catch {
		return Infinity;
	}
}
