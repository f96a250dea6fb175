import { expect, it } from 'vitest';
import { bringWords, roomNames } from './rooms.ts';

function texts(words: object, path = ''): [string, unknown][] {
	return Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
		typeof value === 'object' && value !== null && !Array.isArray(value) ? texts(value, `${path}${name}.`) : [[path + name, value] as [string, unknown]]
	);
}

const en = await bringWords('en', roomNames);
const de = await bringWords('de', roomNames);
/** words that are the same in both */
const alike = ['course.kinds.video', 'people.name', 'people.optionalName', 'editor.notReady.ready', 'learners.name', 'player.label'];

it('has the same texts in German, and leaves none in English', () => {
	const german = new Map(texts(de));
	const same = texts(en).filter(([path, text]) => typeof text === 'string' && text === german.get(path));
	expect([...german.keys()].sort()).toEqual(texts(en).map(([path]) => path).sort());
	expect(same.map(([path]) => path).sort()).toEqual(alike.toSorted());
});

it('says in German what the box refuses or could not do, with a code, and leaves to it what it has none for', () => {
	expect(de.problems.said('too_common', 'Many people use this password.')).toBe('Dieses Passwort nehmen viele. Wählen Sie bitte ein anderes.');
	expect(de.problems.said('pdf_locked', 'This PDF asks for a password.')).toBe('Diese PDF-Datei verlangt ein Passwort. Bitte speichern Sie sie ohne.');
	expect(de.problems.said('brand_new', 'A refusal of tomorrow.')).toBe('A refusal of tomorrow.');
	expect(en.problems.said('too_common', 'Many people use this password.')).toBe('Many people use this password.');
});

it('counts in words up to twelve', () => {
	expect(de.catalogue.open(7)).toBe('Sieben Kurse stehen Ihnen offen.');
	expect(en.catalogue.open(1)).toBe('One course is open to you.');
	expect(en.catalogue.open(1000)).toBe('1,000 courses are open to you.');
});

it('writes large numbers as the language does', () => {
	expect(en.course.lessonsDone(1037, 2000)).toBe('1,037 of 2,000 lessons done');
	expect(de.course.lessonsDone(1037, 2000)).toBe('1.037 von 2.000 Lektionen geschafft');
});
