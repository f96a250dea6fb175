import { expect, it } from 'vitest';
import { initials } from './initials.ts';
import { safeTarget } from './token.ts';

it.each([['Amara Nwosu', 'AN'], ['Łukasz', 'Ł'], ['ada.lovelace@example.org', 'AL'], ['Anna van der Berg', 'AB'], ['', '']])('%s is %s', (name, letters) => {
	expect(initials(name)).toBe(letters);
});

it.each([['/courses/1', '/courses/1'], ['https://x.org', '/'], ['//x.org', '/'], ['/\\x.org', '/'], ['', '/'], [null, '/']])('after signing in %s leads to %s', (wanted, target) => {
	expect(safeTarget(wanted)).toBe(target);
});
