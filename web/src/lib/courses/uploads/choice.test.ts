import { expect, it } from 'vitest';
import { choose, titleFrom, withCaptions } from './choice.ts';
import { naturally, readChosen } from './dropped.ts';

const dropped = (path: string, size = 10): { path: string; file: File } => ({ path, file: { name: path, size } as File });

it.each([['01 Find.mp4', 'Find'], ['a/b/02_The_shell.mp4', 'The shell'], ['1.2 Setup.pdf', 'Setup'], ['2001.mp4', '2001'], ['10) Ten.md', 'Ten'], ['Dr. No.mp4', 'Dr. No'], ['.x', 'Untitled']])('%s is called %s', (path, title) => {
	expect(titleFrom(path)).toBe(title);
});

it('leaves out what belongs to a system, is empty or too large, and says why', () => {
	const { choices, left } = choose([dropped('a.mp4'), dropped('.DS_Store'), dropped('__MACOSX/a.mp4'), dropped('b.txt', 0), dropped('c.mp4', 200), dropped('d.mp4.part')], 100);
	expect(choices.map((one) => one.path)).toEqual(['a.mp4']);
	expect(left.map((one) => one.reason)).toEqual(['hidden', 'hidden', 'empty', 'large', 'hidden']);
});

it('puts captions beside the film of their stem, the longest that fits', () => {
	const { choices } = choose(['talk.mp4', 'talk two.mp4', 'talk.en.vtt', 'talk two.srt', 'talking.srt', 'notes.md'].map((path) => dropped(path)), 100);
	const found = withCaptions(choices).map((one) => [one.path, ...one.captions.map((each) => each.path)]);
	expect(found).toEqual([['talk.mp4', 'talk.en.vtt'], ['talk two.mp4', 'talk two.srt'], ['talking.srt'], ['notes.md']]);
});

it('orders by the numbers that a reader sees', () => {
	expect(['10 a', '2 b', '2 b/1', '1/2', '1/10'].toSorted(naturally)).toEqual(['1/2', '1/10', '2 b', '2 b/1', '10 a']);
});

it('knows a folder by the paths of its files', () => {
	const file = (path: string): File => ({ name: path.split('/').at(-1), webkitRelativePath: path, size: 1 }) as File;
	const files = [file('Course/10 b.md'), file('Course/2 a.md')] as unknown as FileList;
	expect(readChosen(files)).toMatchObject({ folder: 'Course', files: [{ path: '2 a.md' }, { path: '10 b.md' }] });
});
