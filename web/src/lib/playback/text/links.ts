import type { Attachment, Content, Course } from '#lib/api/types.ts';
import { contentsOf, lessonPath } from '#lib/courses/catalogue.ts';

/** What the files of a course are called inside its folder, and where they stand on the site. */
export interface CourseMap {
	/** path inside the folder to the address of a file */
	files: ReadonlyMap<string, string>;
	/** path inside the folder to the lesson that was made of it */
	lessons: ReadonlyMap<string, string>;
}

export function mapOf(course: Course): CourseMap {
	const attachments: Attachment[] = [
		...course.attachments,
		...course.sections.flatMap((section) => [...section.attachments, ...section.contents.flatMap((content) => content.attachments)])
	];
	const contents = contentsOf(course).filter((content): content is Content & { metadata: { path: string } } => !!content.metadata.path);
	return {
		files: new Map([
			...contents.map((content): [string, string] => [content.metadata.path, content.file_url]),
			...attachments.map((one): [string, string] => [one.path, one.url])
		]),
		lessons: new Map(contents.map((content) => [content.metadata.path, lessonPath(content)]))
	};
}

const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;
const PAGES = ['', '.md', '.markdown', '.html', '.ipynb', '/index.md', '/README.md', '/index.html'];

/** True for an address that leaves the course. */
export function isAbsolute(address: string): boolean {
	return ABSOLUTE.test(address);
}

/** The path inside the folder that a relative address means, from the file that holds it; null when it climbs out. */
export function joinPath(from: string, address: string): string | null {
	const parts = address.startsWith('/') ? [] : from.split('/').slice(0, -1);
	for (const part of address.split('/')) {
		if (part === '' || part === '.') continue;
		if (part !== '..') parts.push(part);
		else if (parts.pop() === undefined) return null;
	}
	return parts.join('/');
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function split(address: string): { path: string; hash: string } {
	const [beforeHash = '', ...hash] = address.split('#');
	const path = decoded(beforeHash.split('?')[0] ?? '').replaceAll('\\', '/');
	return { path, hash: hash.length ? `#${hash.join('#')}` : '' };
}

/** Sites built from Markdown leave out endings, or count from the root of a folder above: such names are tried too. */
function lookUp(map: ReadonlyMap<string, string>, from: string, path: string, endings: readonly string[]): string | null {
	const joined = joinPath(from, path)?.replace(/\/$/, '');
	const bare = joined?.replace(/\.html?$/, '');
	const names = [joined, bare].filter((name): name is string => !!name);
	for (const name of names) {
		const met = endings.map((ending) => map.get(name + ending)).find(Boolean);
		if (met) return met;
	}
	return path.startsWith('/') ? bySuffix(map, names, endings) : null;
}

function bySuffix(map: ReadonlyMap<string, string>, names: readonly string[], endings: readonly string[]): string | null {
	for (const [path, address] of map) {
		if (names.some((name) => endings.some((ending) => path.endsWith(`/${name}${ending}`)))) return address;
	}
	return null;
}

/** Where a link in a course's text leads on this site; null when nothing of the course is meant. */
export function linkTarget(map: CourseMap, from: string, address: string): string | null {
	const { path, hash } = split(address);
	if (path === '') return hash || null;
	const lesson = lookUp(map.lessons, from, path, PAGES);
	if (lesson) return lesson + hash;
	return lookUp(map.files, from, path, ['']);
}

/** Where a picture in a course's text is; null when the course does not have it. */
export function pictureSource(map: CourseMap, from: string, address: string): string | null {
	return lookUp(map.files, from, split(address).path, ['']);
}
