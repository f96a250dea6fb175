import { expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';
import { isPlain } from './plain.ts';

it.each(['How to throw a bowl, from the first lump to the glaze.', 'Zwölf Töpfe; mit "Henkel" (und ohne)\nund ein Deckel - mehr nicht.', '日本語の説明。'])('takes plain words as they are: %s', (text) => {
	expect(isPlain(text)).toBe(true);
	expect(renderMarkdown(text).replace('<br>', '').replaceAll('&quot;', '"')).toBe(`<p>${text}</p>\n`);
});

it.each(['**a**', '_a_', '`a`', '# a', '> a', '- a', '+ a', '1. a', 'a\n===', 'a\n---', 'a\n\nb', 'a\n \nb', 'www.example.org', 'a@b.c', 'https://a', '[a](b)', 'a\\*', '&amp;', '<b>', '~~a~~', 'a | b', '$x$', 'a\n    b'])('leaves the rest to Markdown: %j', (text) => {
	expect(isPlain(text)).toBe(false);
});
