import { expect, it } from 'vitest';
import { Drafts } from './drafts.ts';
import { inOrder } from './lesson-notes.svelte.ts';
import { notePath, placeWords, plainWords } from './places.ts';

class Shelf {
	#kept = new Map<string, string>();
	getItem = (key: string): string | null => this.#kept.get(key) ?? null;
	setItem = (key: string, value: string): void => void this.#kept.set(key, value);
	removeItem = (key: string): void => void this.#kept.delete(key);
}

it('puts notes in the order of their places', () => {
	const note = (id: string, at: number | null, created_at: string): { id: string; at: number | null; created_at: string } => ({ id, at, created_at });
	const notes = [note('late', 90, '1'), note('second', 7, '3'), note('first', 7, '2'), note('whole', null, '9')];
	expect(inOrder(notes).map((one) => one.id)).toEqual(['whole', 'first', 'second', 'late']);
});

it('leads back to the second or page', () => {
	expect(notePath({ course_id: 'c', content_id: 'v', at: 61.5 })).toBe('/courses/c/contents/v?at=61.5');
	expect(notePath({ course_id: 'c', content_id: 'v', at: null })).toBe('/courses/c/contents/v');
	expect(notePath({ course_id: 'c', content_id: null, at: 4 })).toBe('/courses/c');
	expect(placeWords('video', 61.5)).toBe('1:01');
	expect(placeWords('document', 31)).toBe('Page 31');
});

it('names a note without its signs', () => {
	expect(plainWords('# One\n\n- **two** and `three`\n- [four](https://example.org)')).toBe('One\ntwo and three\nfour');
	expect(plainWords('2 * 3 * 4')).toBe('2 * 3 * 4');
});

it('keeps what was not sent for the one who wrote it, and nothing when it was', () => {
	const shelf = new Shelf();
	const drafts = new Drafts(shelf, 'ada', 'film');
	drafts.keep({ text: 'half a thou', at: 12 });
	expect(new Drafts(shelf, 'ada', 'film').find()).toEqual({ text: 'half a thou', at: 12 });
	expect(new Drafts(shelf, 'bob', 'film').find()).toBeNull();
	drafts.keep({ text: '', at: null });
	expect(drafts.find()).toBeNull();
	shelf.setItem('lms.draft.ada.film', '{');
	expect(drafts.find()).toBeNull();
});
