import katex from 'katex';
import 'katex/dist/katex.min.css';

/** Sets every formula of a text; one that cannot be read stays as it was written. */
export function setFormulas(root: ParentNode): void {
	for (const place of root.querySelectorAll<HTMLElement>('.math')) {
		const written = place.textContent.trim();
		const display = place.tagName === 'DIV';
		try {
			katex.render(written, place, { displayMode: display, throwOnError: true, strict: 'ignore', trust: false });
			if (display) place.tabIndex = 0; // it may be wider than the page
		} catch {
			place.textContent = display ? `$$${written}$$` : `$${written}$`;
		}
	}
}
