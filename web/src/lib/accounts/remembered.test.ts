import { expect, it } from 'vitest';
import { recall, remember, type Remembered } from './remembered.ts';

class Shelf {
	kept = new Map<string, string>();
	getItem = (key: string): string | null => this.kept.get(key) ?? null;
	setItem = (key: string, value: string): void => void this.kept.set(key, value);
	removeItem = (key: string): void => void this.kept.delete(key);
}

const visitor: Remembered = { user: null, site: { name: 'Box', registration: 'open', public_catalogue: true }, enrolled: ['a'] };

it('recalls who was here, and nobody when it was forgotten', () => {
	const shelf = new Shelf();
	expect(recall(shelf)).toBeNull();
	remember(shelf, visitor);
	expect(recall(shelf)).toEqual(visitor);
	remember(shelf, null);
	expect(shelf.kept.size).toBe(0);
});

it.each(['{', '7', 'null', '{"user":null}', '{"site":{},"enrolled":3,"user":null}'])('takes nothing for somebody: %s', (text) => {
	const shelf = new Shelf();
	shelf.setItem('lms.visitor', text);
	expect(recall(shelf)).toBeNull();
});
