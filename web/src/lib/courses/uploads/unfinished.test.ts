import { expect, it } from 'vitest';
import { fingerprintOf, forget, placeOf, unfinishedOf } from './unfinished.ts';

const file = { size: 5, lastModified: 7 } as File;
const gone: string[] = [];
const storageOf = (kept: Record<string, string>): Storage => Object.assign(Object.create({ getItem: (key: string) => kept[key] ?? null, removeItem(key: string) { gone.push(key); } }) as Storage, kept);

it('tells places and files apart, and nothing else', () => {
	const one = { course: 'c', section: null };
	expect(fingerprintOf(file, 'a.mp4', one)).toBe(fingerprintOf({ ...file }, 'a.mp4', { course: 'c', section: 's' }));
	expect(fingerprintOf(file, 'a.mp4', one)).not.toBe(fingerprintOf(file, 'a.mp4', { course: 'd', section: null }));
	expect(fingerprintOf(file, 'a.mp4', { folder: 'i', path: 'x/a.mp4' })).not.toBe(fingerprintOf(file, 'a.mp4', { folder: 'i', path: 'y/a.mp4' }));
	expect(placeOf(one)).toEqual({ course_id: 'c' });
	expect(placeOf({ folder: 'i', path: 'x/a.mp4' })).toEqual({ import_id: 'i', path: 'x/a.mp4' });
});

it('remembers what was on its way to this course, for a day', () => {
	const now = Date.parse('2026-01-02T12:00:00Z');
	const kept = (filename: string, creationTime: string): string => JSON.stringify({ metadata: { filename }, creationTime });
	const storage = storageOf({
		'tus::lms-c/a.mp4-5-7::1': kept('a.mp4', '2026-01-02T11:00:00Z'),
		'tus::lms-c/old.mp4-5-7::2': kept('old.mp4', '2026-01-01T11:00:00Z'),
		'tus::lms-d/b.mp4-5-7::3': kept('b.mp4', '2026-01-02T11:00:00Z'),
		'tus::lms-c/broken-5-7::4': 'no JSON',
		'lms.theme': 'dark'
	});
	const found = unfinishedOf('c', storage, now);
	expect(found.map((one) => one.name)).toEqual(['a.mp4']);
	forget(found, storage);
	expect(gone).toEqual(['tus::lms-c/a.mp4-5-7::1']);
});
