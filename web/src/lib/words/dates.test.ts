import { expect, it } from 'vitest';
import { dayText } from './dates.ts';

const now = new Date(2026, 10, 20, 0, 30);

it.each([
	[new Date(2026, 10, 20, 0, 1), 'today'],
	[new Date(2026, 10, 19, 23, 59), 'yesterday'],
	[new Date(2026, 10, 16, 12), 'Monday'],
	[new Date(2026, 10, 2, 12), '2 November'],
	[new Date(2025, 10, 2, 12), '2 November 2025'],
	[new Date(2026, 10, 21, 12), '21 November']
])('%s is %s', (day, words) => {
	expect(dayText(day.toISOString(), now)).toBe(words);
});
