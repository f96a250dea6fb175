import { expect, it } from 'vitest';
import { courseLength, sectionLength } from './lengths.ts';

const clip = { duration: 80 };
const text = { duration: null };

it('gives the time of what is mostly watched, and counts the lessons of what is mostly read', () => {
	expect(sectionLength({ contents: [clip, clip, text] })).toBe('3 min');
	expect(sectionLength({ contents: [clip, text] })).toBe('2 lessons');
	expect(sectionLength({ contents: [text] })).toBe('1 lesson');
	expect(courseLength({ duration: 190, content_count: 20 })).toBe('3 h 10 min');
	expect(courseLength({ duration: 1, content_count: 12 })).toBe('12 lessons');
});

it('counts the lessons of a course that may be mostly read, and goes by them where they are at hand', () => {
	const [film, summary] = [{ duration: 1740 }, { duration: 29, content_count: 12 }];
	expect(courseLength(summary)).toBe('12 lessons');
	expect(courseLength({ ...summary, content_count: 2, sections: [{ contents: [film] }, { contents: [text] }] })).toBe('2 lessons');
	expect(courseLength({ duration: 4, content_count: 3, sections: [{ contents: [clip, clip] }, { contents: [clip] }] })).toBe('4 min');
});

it('says of four minutes and a moment that they are four', () => {
	expect(sectionLength({ contents: [{ duration: 240.16 }] })).toBe('4 min');
});
