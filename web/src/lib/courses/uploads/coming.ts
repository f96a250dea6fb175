import type { Dropped } from './dropped.ts';

/** A file as it is announced before it is sent. */
export interface Coming {
	path: string;
	size: number;
	/** its first bytes in base64, where its name does not tell enough */
	head?: string;
}

const LONGEST = 2_048;
/** Enough to meet the beginning of a third packet of MPEG-TS. */
const OF_A_STREAM = 512;
/** Of all heads together, in letters: a plan may be asked for with eight megabytes. What is announced without its head is planned by its name. */
const ALL_HEADS = 2_000_000;
const STREAM = /\.m?ts$/i;
const MARKDOWN = /\.(md|markdown|mkd|mdown)$/i;
const OPENS_FOLDER = /(^|\/)[^/]*(readme|index)[^/]*$/i;
const AT_ONCE = 50;

/** What the box needs to know of files to plan a course of them: names, sizes, and how texts begin that say their title. */
export async function announce(files: readonly Dropped[]): Promise<Coming[]> {
	const coming: Coming[] = [];
	let left = ALL_HEADS;
	for (let at = 0; at < files.length; at += AT_ONCE) {
		const some = files.slice(at, at + AT_ONCE);
		const heads = await Promise.all(some.map(headOf));
		for (const [index, { path, file }] of some.entries()) {
			const head = heads[index] ?? '';
			const told = head !== '' && head.length <= left;
			if (told) left -= head.length;
			coming.push({ path, size: file.size, ...(told ? { head } : {}) });
		}
	}
	return coming;
}

async function headOf({ path, file }: Dropped): Promise<string> {
	if (STREAM.test(path)) return inBase64(await beginning(file, OF_A_STREAM));
	if (!MARKDOWN.test(path)) return '';
	const bytes = await beginning(file, LONGEST);
	if (OPENS_FOLDER.test(path)) return inBase64(bytes);
	const matter = /^(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:[^]*?\n---[ \t]*\r?\n|[^]*)/.exec(asLetters(bytes));
	return matter ? btoa(matter[0]) : '';
}

async function beginning(file: File, most: number): Promise<Uint8Array> {
	return new Uint8Array(await file.slice(0, most).arrayBuffer());
}

/** A letter for each byte. */
function asLetters(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes);
}

function inBase64(bytes: Uint8Array): string {
	return btoa(asLetters(bytes));
}
