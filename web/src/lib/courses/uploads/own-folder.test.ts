import { expect, it } from 'vitest';
import { isCopy, mayBeCopy } from './own-folder.ts';

const course = { id: '1', title: 'Bread', paths: ['1/a.mp4', '1/b.mp4', '2/c.mp4', '2/d.mp4'] };

it('knows the folder of a course again', () => {
	expect(isCopy(course, 'Bread (2)', ['1/a.mp4', '1/b.mp4', '2/c.mp4', '3/new.mp4'])).toBe(true);
	expect(isCopy(course, 'Bread', ['1/a.mp4', '1/b.mp4', 'x.mp4'])).toBe(true);
	expect(isCopy({ ...course, paths: ['a.mp4'] }, 'Bread', ['a.mp4'])).toBe(true);
});

it('takes no folder for it that shares a name or two', () => {
	expect(isCopy(course, 'Cake', ['1/a.mp4', '1/b.mp4'])).toBe(false);
	expect(isCopy(course, 'Bread', ['1/a.mp4', 'x.mp4'])).toBe(false);
	expect(isCopy({ ...course, paths: [] }, 'Bread', ['a.mp4'])).toBe(false);
	expect(mayBeCopy(course, ['1/a.mp4'])).toBe(true);
	expect(mayBeCopy(course, ['Bread/1/a.mp4'])).toBe(false);
});
