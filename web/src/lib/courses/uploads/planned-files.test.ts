import { expect, it } from 'vitest';
import { besideLesson, forTheCourse, toTakeAlong } from './planned-files.ts';

it('says of every file what it is here for', () => {
	const captions = [{ path: 'a.en.vtt', language: 'en', kind: 'captions' as const }, { path: 'a.chapters.vtt', language: null, kind: 'chapters' as const }];
	expect(besideLesson({ captions, attachments: ['a.pdf'] })).toEqual([
		{ path: 'a.en.vtt', use: 'captions', language: 'en' },
		{ path: 'a.chapters.vtt', use: 'chapters', language: null },
		{ path: 'a.pdf', use: 'takeAlong' }
	]);
	expect(forTheCourse({ cover: 'cover.jpg', description: 'README.md', attachments: ['rope.txt'] }).map((one) => one.use)).toEqual(['cover', 'description', 'takeAlong']);
});

it('knows archives by their names, as the importer does', () => {
	const names = ['a.zip', 'b.TAR.GZ', 'c.tgz', 'd.tar.xz', 'e.gz', 'zip'];
	expect(toTakeAlong(names).filter((one) => one.use === 'archive').map((one) => one.path)).toEqual(['a.zip', 'b.TAR.GZ', 'c.tgz', 'd.tar.xz']);
});
