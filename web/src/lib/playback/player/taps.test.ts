import { expect, it } from 'vitest';
import { isStrokeDown, Taps } from './taps.ts';

it.each([
	['one tap alone', [[0, 0.1]], [0]],
	['two at the left', [[0, 0.1], [200, 0.2]], [0, -1]],
	['three at the right go twice', [[0, 0.9], [200, 0.8], [400, 0.9]], [0, 1, 1]],
	['two in the middle', [[0, 0.5], [200, 0.5]], [0, 0]],
	['one at each side', [[0, 0.1], [200, 0.9]], [0, 0]],
	['too slow', [[0, 0.1], [400, 0.1]], [0, 0]]
] as [string, [number, number][], number[]][])('%s', (_, taps, leaps) => {
	const hearing = new Taps();
	expect(taps.map(([at, share]) => hearing.hear(at, share))).toEqual(leaps);
});

it.each([
	[0, 80, true],
	[30, 80, true],
	[60, 80, false],
	[0, 40, false],
	[0, -80, false]
])('moved by %i, %i: leaves the whole screen is %s', (x, y, leaves) => {
	expect(isStrokeDown({ clientX: 100, clientY: 100 }, { clientX: 100 + x, clientY: 100 + y })).toBe(leaves);
});
