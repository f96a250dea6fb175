import { describe, expect, it } from 'vitest';
import { covered, fromPages, gaps, toPages, union } from './spans.ts';

describe('union', () => {
	it('joins what overlaps or touches, in any order', () => {
		expect(union([[5, 8], [0, 2]], [[2, 3], [7, 10]])).toEqual([[0, 3], [5, 10]]);
	});
	it('keeps a long span that holds a short one', () => {
		expect(union([[0, 10], [2, 3]])).toEqual([[0, 10]]);
	});
	it('leaves out what is empty or backwards, and its arguments as they were', () => {
		const given: [number, number][] = [[4, 4], [6, 5], [1, 2], [2, 3]];
		expect(union(given)).toEqual([[1, 3]]);
		expect(given).toEqual([[4, 4], [6, 5], [1, 2], [2, 3]]);
	});
});

describe('covered', () => {
	it('counts twice watched seconds once', () => {
		expect(covered([[0, 10], [5, 12]])).toBe(12);
	});
});

describe('gaps', () => {
	it('finds what is missing, before, between and after', () => {
		expect(gaps([[10, 20], [30, 40]], 60)).toEqual([[0, 10], [20, 30], [40, 60]]);
	});
	it('does not speak of gaps that are not worth it', () => {
		expect(gaps([[1, 20], [22, 60]], 60, 5)).toEqual([]);
	});
	it('is everything where nothing was watched, and nothing past the end', () => {
		expect(gaps([], 60)).toEqual([[0, 60]]);
		expect(gaps([[0, 99]], 60)).toEqual([]);
	});
});

describe('pages', () => {
	it('are inclusive over the wire', () => {
		expect(covered(fromPages([[1, 3]]))).toBe(3);
		expect(toPages(fromPages([[1, 3], [4, 4], [9, 9]]))).toEqual([[1, 4], [9, 9]]);
	});
});
