import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { clock, fileSize, minutesOf } from './format.ts';
import { inFigures } from './numbers.ts';

describe('clock', () => {
	it.each([[0, '0:00'], [59.9, '0:59'], [1122, '18:42'], [3723, '1:02:03'], [-4, '0:00'], [Number.NaN, '0:00'], [Infinity, '0:00']])('%d is %s', (seconds, text) => {
		expect(clock(seconds)).toBe(text);
	});
});

describe('spans', () => {
	it.each([[5, '5 min'], [60, '1 h'], [190, '3 h 10 min'], [0, '0 min']])('%d minutes are %s', (minutes, text) => {
		expect(en.span(minutes)).toBe(text);
	});
	it('are words in a sentence', () => {
		expect(en.course.stoppedAt('18:42', 700)).toBe('You stopped at 18:42. Twelve minutes to go.');
		expect(en.course.stoppedAt('0:10', 55)).toBe('You stopped at 0:10. One minute to go.');
		expect(en.course.stoppedAt('0:10', 4)).toBe('You stopped at 0:10. Less than a minute to go.');
	});
	it('never say that nothing is left where something is', () => {
		expect(minutesOf(12)).toBe(1);
		expect(minutesOf(0)).toBe(0);
	});
});

it('speaks a time', () => {
	expect(en.time(1122)).toBe('18 minutes 42 seconds');
	expect(en.time(3601)).toBe('1 hour 1 second');
	expect(en.time(0)).toBe('0 seconds');
});

it.each([[0, '0 B'], [999, '999 B'], [4000, '4 kB'], [2_100_000, '2.1 MB'], [11_000_000, '11 MB'], [1_500_000_000, '1.5 GB']])('%d bytes are %s', (bytes, text) => {
	expect(fileSize(bytes)).toBe(text);
});

it.each([[0, '0'], [999, '999'], [1000, '1.000'], [12_345.6, '12.346'], [0.6, '1'], [999.7, '1.000'], [-3, '-3']])('%d in German figures is %s', (n, text) => {
	expect(inFigures(n, 'de')).toBe(text);
});

it('keeps the digits asked for, and no noughts behind them', () => {
	expect([1, 1.5, 1.25, 0.333].map((rate) => inFigures(rate, 'de', 2))).toEqual(['1', '1,5', '1,25', '0,33']);
});
