import { expect, it } from 'vitest';
import { paragraphs } from './transcript.ts';
import { cuesAt, parseVtt } from './vtt.ts';

it('reads cues with and without names, settings, hours', () => {
	const file = '\uFEFFWEBVTT - a title\r\n\r\nNOTE nothing\r\n\r\n1\r\n00:01.000 --> 00:02.500 align:start\r\n<v Ada>One</v>\r\ntwo &amp; three\r\n\r\n01:00:00.000 --> 01:00:01.000\r\nLate';
	expect(parseVtt(file)).toEqual([
		{ start: 1, end: 2.5, text: 'One\ntwo & three' },
		{ start: 3600, end: 3601, text: 'Late' }
	]);
});

it('leaves out what makes no sense and sorts the rest', () => {
	const file = 'WEBVTT\n\n00:05.000 --> 00:06.000\nB\n\n00:09.000 --> 00:08.000\nBackwards\n\nrubbish\n\n00:01.000 --> 00:02.000\nA\n\n00:03.000 --> 00:04.000\n';
	expect(parseVtt(file).map((cue) => cue.text)).toEqual(['A', 'B']);
});

it('finds all that is said at once', () => {
	const cues = [{ start: 0, end: 4, text: 'a' }, { start: 2, end: 5, text: 'b' }];
	expect(cuesAt(cues, 3).map((cue) => cue.text)).toEqual(['a', 'b']);
	expect(cuesAt(cues, 4).map((cue) => cue.text)).toEqual(['b']);
});

it('makes paragraphs at pauses and chapters', () => {
	const cue = (start: number): { start: number; end: number; text: string } => ({ start, end: start + 1, text: String(start) });
	const found = paragraphs([cue(0), cue(1), cue(9), cue(10)], [{ start: 0, end: 10, text: 'First' }, { start: 10, end: 20, text: 'Second' }]);
	expect(found.map((block) => [block.title, block.cues.length])).toEqual([['First', 2], [null, 1], ['Second', 1]]);
});
