import type { Plugin } from 'vite';

/** Every browser that can show these pages reads woff2: KaTeX's fonts in older forms are left out of the build. */
export function katexFonts(): Plugin {
	return {
		name: 'katex-fonts',
		enforce: 'pre',
		transform(code, id) {
			if (!id.includes('katex/dist/katex.min.css')) return null;
			return { code: code.replaceAll(/,url\([^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, ''), map: null };
		}
	};
}
