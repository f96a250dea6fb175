import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('draws the face of a door before its scripts have come at just the addresses that are doors', () => {
	const page = readFileSync('src/app.html', 'utf8');
	const told = /const doors = \[(.*)\]/.exec(page)?.[1] ?? '';
	const doors = readdirSync('src/routes/(door)').map((name) => `/${name}`);
	expect(told.split(', ').map((one) => one.slice(1, -1)).sort()).toEqual(doors.sort());
});
