import { expect, it } from 'vitest';
import { pagesWith } from './search.ts';

const pages = [
	{ number: 1, text: 'The ﬁrst neighbour' },
	{ number: 2, text: 'Neighbours vote, and the FIRST wins' },
	{ number: 3, text: '' }
];

it.each([
	['first', [1, 2]],
	['vote neighbour', [2]],
	['  ', []],
	['trees', []]
])('%s is on %j', (wanted, found) => {
	expect(pagesWith(pages, wanted)).toEqual(found);
});
