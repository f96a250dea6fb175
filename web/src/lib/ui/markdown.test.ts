import { expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';

it('renders what people write', () => {
	const html = renderMarkdown('# One\n\n**two** and `three`\nfour\n\n- five');
	for (const part of ['<p><strong>One</strong></p>', '<strong>two</strong>', '<code>three</code><br>', '<li>five</li>']) expect(html).toContain(part);
});

it.each(['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '![far](https://example.org/a.png)', '[x](javascript:alert(1))', '[x](data:text/html,hi)'])('lets nothing act: %s', (text) => {
	expect(renderMarkdown(text)).not.toMatch(/<script|<img|href="(?:javascript|data)/);
});

it('says of a picture what its words say', () => {
	expect(renderMarkdown('![a "far" <b>](https://example.org/a.png)')).toBe('<p><em>a &quot;far&quot; &lt;b&gt;</em></p>\n');
});

it('sets the columns of a table without a style, which the content policy forbids', () => {
	const html = renderMarkdown('| a | b | c |\n|:--|--:|:-:|\n| 1 | 2 | 3 |');
	expect(html).not.toContain('style');
	for (const cell of ['<td>1</td>', '<td class="right">2</td>', '<td class="center">3</td>']) expect(html).toContain(cell);
});

it('sends links out without a trace', () => {
	expect(renderMarkdown('[x](https://example.org)')).toContain('<a href="https://example.org" rel="noopener noreferrer" target="_blank">');
});
