import MarkdownIt from 'markdown-it';

/** As the box renders lessons; no HTML of others, and of a picture its words: fetched from elsewhere it would tell who reads here. */
const renderer = new MarkdownIt({ html: false, linkify: true, breaks: true });

renderer.renderer.rules.image = (tokens, index) => `<em>${renderer.utils.escapeHtml(tokens[index]?.content ?? '')}</em>`;

renderer.renderer.rules.link_open = (tokens, index, options, _env, self) => {
	const token = tokens[index];
	token?.attrSet('rel', 'noopener noreferrer');
	token?.attrSet('target', '_blank');
	return self.renderToken(tokens, index, options);
};

/** Headings of what somebody wrote must not stand among those of the page: they become paragraphs in strong. */
renderer.renderer.rules.heading_open = () => '<p><strong>';
renderer.renderer.rules.heading_close = () => '</strong></p>\n';

/** A column's side as a class: the content policy allows no style of its own. */
renderer.core.ruler.push('sides', ({ tokens }) => {
	for (const token of tokens) {
		const side = /^text-align:(center|right)$/.exec(String(token.attrGet('style')))?.[1];
		if (token.attrs) token.attrs = token.attrs.filter(([name]) => name !== 'style');
		if (side) token.attrJoin('class', side);
	}
});

export function renderMarkdown(text: string): string {
	return renderer.render(text);
}
