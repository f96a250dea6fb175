import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { announcerWithoutStyle } from './announcer.ts';
import { katexFonts } from './katex-fonts.ts';
import { pdfMaterial } from './pdf-material.ts';
import { preloads } from './preloads.ts';

const box = 'http://127.0.0.1:8080';

/**
 * On a slow line each file costs more than its bytes: what all pages need is two files of like size
 * (a line is shared evenly among what is on its way), what the pages of a kind share another.
 * The English words lie where they are needed first; other languages come by themselves.
 */
const groups = [
	// What the page tells SvelteKit has to be there before the code that reads it as it is loaded: it is not for the frame.
	{ name: 'told', test: /client.payload\.js|vite.preload-helper/, priority: 1 },
	{ name: 'svelte', test: /node_modules.svelte\b/, priority: 1 },
	{ name: 'frame', test: /routes.\+(layout|error)\.svelte|lib.(ui.(Loaded|Bone|PartMissing)|accounts.Guarded)\.svelte|api.resource/ },
	{ name: 'learning', test: /lib.(courses|learning).[\w-]+\.|ui.(Dialog|Said|Written)|notes.places/, minShareCount: 2 },
	{ name: 'notes', test: /lib.notes\b|ui.PlaceLink/, minShareCount: 2 },
	{ name: 'door', test: /lib.accounts.\w+\.svelte|words.en.account/, minShareCount: 2 },
	{ name: 'written', test: /ui.markdown\.ts/ },
	{ name: 'lesson', test: /lib.playback\b/, minShareCount: 2 },
	{ name: 'lesson-words', test: /words.en.(lesson|notes)/ }
];

export default defineConfig({
	plugins: [
		announcerWithoutStyle(),
		pdfMaterial(),
		katexFonts(),
		preloads(),
		sveltekit({
			adapter: adapter({ pages: '../lms_box/site', fallback: 'index.html', precompress: true }),
			serviceWorker: { register: false } // `ui/without-line.ts` does it, when a page has nothing else to do
		})
	],
	build: {
		chunkSizeWarningLimit: 1_500, // hls.js and pdf.js come whole, and only when a lesson needs them
		assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined) // the content policy takes no font from a data address
	},
	environments: { client: { build: { rolldownOptions: { output: { codeSplitting: { groups } } } } } },
	server: { proxy: { '/api': box, '/media': box } },
	test: { include: ['src/**/*.test.ts'] }
});
