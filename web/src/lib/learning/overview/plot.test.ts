import { expect, it } from 'vitest';
import { barsOf, roundSteps } from './plot.ts';

it.each([[0, [1]], [1, [1]], [3, [1, 2]], [7, [2, 4]], [23, [10, 20]], [48, [20, 40]], [100, [50, 100]], [1234, [500, 1000]]])('up to %d has lines at %j', (highest, steps) => {
	expect(roundSteps(highest)).toEqual(steps);
});

it('keeps every bar inside, the present one last and dark', () => {
	const values = Array.from({ length: 12 }, (_, n) => ({ value: n * 2, label: `w${String(n)}` }));
	const { bars, base } = barsOf(values, { width: 310, height: 200, most: 6 });
	expect(bars.map((bar) => bar.value)).toEqual([12, 14, 16, 18, 20, 22]);
	expect(bars.map((bar) => bar.now)).toEqual([false, false, false, false, false, true]);
	expect(bars.map((bar) => bar.label)).toEqual(['', '', 'w8', '', '', 'w11']);
	for (const bar of bars) {
		expect(bar.x).toBeGreaterThanOrEqual(0);
		expect(bar.x + bar.width).toBeLessThanOrEqual(310);
		expect(bar.y + bar.height).toBeCloseTo(base);
	}
});

it('draws nothing higher than nothing', () => {
	expect(barsOf([{ value: 0, label: 'a' }], { width: 100, height: 100, most: 5 }).bars[0]?.height).toBe(0);
});
