import { expect, it } from 'vitest';
import { clothOf, cloths, stampOf } from './cloth.ts';
import { stamps } from './stamps.ts';

const ids = Array.from({ length: 800 }, (_, index) => `0192b000-0000-7000-8000-${String(index).padStart(12, '0')}`);

it('gives a course the same cloth every time, and all cloths to many courses', () => {
	expect(clothOf(ids[0] ?? '')).toBe(clothOf(ids[0] ?? ''));
	const counts = cloths.map((cloth) => ids.filter((id) => clothOf(id) === cloth).length);
	expect(Math.min(...counts)).toBeGreaterThan(50);
	expect(new Set(ids.map(stampOf)).size).toBe(Object.keys(stamps).length);
});
