import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { announcerWithoutStyle } from './announcer.ts';
import { katexFonts } from './katex-fonts.ts';
import { pdfMaterial } from './pdf-material.ts';

const box = 'http://127.0.0.1:8080';

export default defineConfig({
	plugins: [
		announcerWithoutStyle(),
		pdfMaterial(),
		katexFonts(),
		sveltekit({
			adapter: adapter({ pages: '../lms_box/site', fallback: 'index.html', precompress: true })
		})
	],
	build: {
		chunkSizeWarningLimit: 1_500, // hls.js and pdf.js come whole, and only when a lesson needs them
		assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined) // the content policy takes no font from a data address
	},
	server: { proxy: { '/api': box, '/media': box } },
	test: { include: ['src/**/*.test.ts'] }
});
