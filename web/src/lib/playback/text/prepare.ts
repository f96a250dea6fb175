import { isAbsolute, linkTarget, pictureSource, type CourseMap } from './links.ts';

/** What addresses inside a text are relative to; `url` is that of the text itself, beside which its own pictures lie. */
export type Ground = { kind: 'course'; map: CourseMap; path: string; url: string } | { kind: 'build'; url: string };

const BESIDE = 'build:';

export interface Heading {
	id: string;
	title: string;
}

/**
 * Makes a fragment of what the box wrote. It is parsed where nothing runs and nothing is fetched, and put into the
 * page only after every address has been set right.
 */
export function prepare(html: string, ground: Ground, words: { table: string }): DocumentFragment {
	const template = document.createElement('template');
	template.innerHTML = html;
	const { content } = template;
	for (const image of content.querySelectorAll('img')) settleImage(image, ground);
	for (const link of content.querySelectorAll('a[href]')) settleLink(link as HTMLAnchorElement, ground);
	for (const table of content.querySelectorAll('table')) wrapTable(table, words.table);
	for (const styled of content.querySelectorAll('[style]')) styled.removeAttribute('style'); // the policy refuses it
	numberHeadings(content);
	return content;
}

function settleImage(image: HTMLImageElement, ground: Ground): void {
	const address = image.getAttribute('src') ?? '';
	image.removeAttribute('srcset');
	image.loading = 'lazy';
	image.decoding = 'async';
	if (address.startsWith('data:')) return;
	const source = sourceOf(address, ground);
	if (source) image.src = source;
	else image.replaceWith(absent(image)); // a third party's picture is never fetched
}

function sourceOf(address: string, ground: Ground): string | null {
	if (address.startsWith(BESIDE)) return beside(address.slice(BESIDE.length), ground);
	if (isAbsolute(address)) return null;
	return ground.kind === 'course' ? pictureSource(ground.map, ground.path, address) : beside(address, ground);
}

function beside(name: string, ground: Ground): string {
	return new URL(name, new URL(ground.url, location.href)).href;
}

function absent(image: HTMLImageElement): HTMLElement {
	const words = document.createElement('em');
	words.textContent = image.alt ? `[${image.alt}]` : '';
	return words;
}

function settleLink(link: HTMLAnchorElement, ground: Ground): void {
	const address = link.getAttribute('href') ?? '';
	if (isAbsolute(address)) {
		link.rel = 'noopener noreferrer';
		link.target = '_blank';
		return;
	}
	const target = ground.kind === 'course' ? linkTarget(ground.map, ground.path, address) : null;
	if (target) link.setAttribute('href', target);
	else link.replaceWith(...link.childNodes); // words stay, a dead link does not
}

function wrapTable(table: HTMLTableElement, label: string): void {
	const frame = document.createElement('div');
	frame.className = 'frame';
	frame.tabIndex = 0;
	frame.setAttribute('role', 'region');
	frame.setAttribute('aria-label', label);
	table.replaceWith(frame);
	frame.append(table);
}

function numberHeadings(content: DocumentFragment): void {
	const taken = new Set<string>();
	for (const heading of content.querySelectorAll('h1, h2, h3, h4')) {
		const plain = heading.textContent.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
		let id = heading.id || plain || 'part';
		for (let turn = 2; taken.has(id); turn++) id = `${plain || 'part'}-${String(turn)}`;
		taken.add(id);
		heading.id = id;
	}
}

/** The second level, which is what a contents list of one page names. */
export function headingsOf(root: ParentNode): Heading[] {
	return [...root.querySelectorAll('h2[id]')].map((heading) => ({ id: heading.id, title: heading.textContent.trim() }));
}
