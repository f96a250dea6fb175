import type { Plugin } from 'vite';

const INLINE = /\bstyle="[^"]*"/;

/**
 * SvelteKit announces each page in an element that it hides by an inline style, which our content policy refuses.
 * `base.css` hides it instead.
 */
export function announcerWithoutStyle(): Plugin {
	return {
		name: 'announcer-without-style',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('/runtime/components/root.svelte')) return null;
			if (!INLINE.test(code)) this.error('SvelteKit hides its announcer in another way now: look at announcer.ts');
			return { code: code.replace(INLINE, ''), map: null };
		}
	};
}
