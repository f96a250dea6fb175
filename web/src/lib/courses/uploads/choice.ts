import type { Dropped } from './dropped.ts';

export type Reason = 'hidden' | 'empty' | 'large';

/** A file that may be sent, as it is shown before anything is. */
export interface Choice extends Dropped {
	title: string;
	taken: boolean;
	/** caption files that go with this film or recording */
	captions: Dropped[];
}

export interface Chosen {
	choices: Choice[];
	left: { path: string; reason: Reason }[];
}

const JUNK = /(^|\/)(\.[^/]+|__MACOSX|node_modules|Thumbs\.db|desktop\.ini|[^/]+\.(crdownload|part|tmp))(\/|$)/i;
const TIMED = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|ts|mts|m2ts|wmv|flv|ogv|3gp|mp3|m4a|aac|ogg|oga|opus|wav|flac)$/i;
const CAPTIONS = /\.(vtt|srt|sbv|ass|ssa|sub)$/i;
const NUMBER = /^\s*[\p{Nd}]+(?:[.\-_][\p{Nd}]+)*\s*[).\-_ ]+\s*(?=\S)/u;

/** What goes on its way and what stays; the box decides for itself what each file is. */
export function choose(files: readonly Dropped[], most: number, emptyToo = false): Chosen {
	const left: Chosen['left'] = [];
	const good = files.filter((one) => {
		const reason = reasonAgainst(one, most, emptyToo);
		if (reason) left.push({ path: one.path, reason });
		return !reason;
	});
	return { choices: good.map((one) => ({ ...one, title: titleFrom(one.path), taken: true, captions: [] })), left };
}

function reasonAgainst({ path, file }: Dropped, most: number, emptyToo: boolean): Reason | null {
	if (JUNK.test(path)) return 'hidden';
	if (file.size === 0 && !emptyToo) return 'empty';
	return file.size > most ? 'large' : null;
}

/** Captions beside a film of their stem go with it: `talk.mp4` and `talk.en.vtt`. */
export function withCaptions(choices: readonly Choice[]): Choice[] {
	const films = choices.filter((one) => TIMED.test(one.path)).toSorted((a, b) => stem(b.path).length - stem(a.path).length);
	const taken = new Map<Choice, Dropped[]>();
	const beside = new Set<Choice>();
	for (const one of choices.filter((choice) => CAPTIONS.test(choice.path))) {
		const film = films.find((other) => /^([._ -]|$)/.test(stem(one.path).slice(stem(other.path).length)) && stem(one.path).startsWith(stem(other.path)));
		if (!film) continue;
		taken.set(film, [...(taken.get(film) ?? []), { path: one.path, file: one.file }]);
		beside.add(one);
	}
	return choices.filter((one) => !beside.has(one)).map((one) => ({ ...one, captions: taken.get(one) ?? [] }));
}

/** What people would call the file: without its number, its ending and its underscores. */
export function titleFrom(path: string): string {
	const name = stem(path).split('/').at(-1) ?? '';
	const words = name.replace(/_+/g, ' ').replace(/\s+/g, ' ').trim();
	return (words.replace(NUMBER, '') || words || 'Untitled').slice(0, 200);
}

function stem(path: string): string {
	return path.replace(/\.[^./]{1,8}$/, '');
}
