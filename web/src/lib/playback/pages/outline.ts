import type { PDFDocumentProxy } from 'pdfjs-dist';

/** A title of a document's own contents, and its page. */
export interface Entry {
	title: string;
	page: number;
	level: number;
}

type Item = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>[number];

const DEEPEST = 3;
const MOST = 400;

/** The contents as the document names them; what leads nowhere is left out. */
export async function readOutline(document: PDFDocumentProxy): Promise<Entry[]> {
	const items = flat((await document.getOutline()) as Item[] | null).slice(0, MOST);
	const entries = await Promise.all(items.map(({ item, level }) => entryOf(document, item, level)));
	return entries.filter((entry): entry is Entry => entry !== null);
}

function flat(items: Item[] | null, level = 1): { item: Item; level: number }[] {
	if (level > DEEPEST) return [];
	return (items ?? []).flatMap((item) => [{ item, level }, ...flat(item.items, level + 1)]);
}

async function entryOf(document: PDFDocumentProxy, item: Item, level: number): Promise<Entry | null> {
	const title = item.title.trim();
	const place: unknown = typeof item.dest === 'string' ? await document.getDestination(item.dest) : item.dest;
	const target: unknown = Array.isArray(place) ? place[0] : null;
	if (!title || target === null) return null;
	if (typeof target === 'number') return { title, page: target + 1, level };
	const index = await document.getPageIndex(target as Parameters<PDFDocumentProxy['getPageIndex']>[0]).catch(() => null);
	return index === null ? null : { title, page: index + 1, level };
}
