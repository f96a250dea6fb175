import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const source = fileURLToPath(new URL('./node_modules/pdfjs-dist/', import.meta.url));
const folders = { cmaps: /\.bcmap$/, standard_fonts: /\.(pfb|ttf)$/, wasm: /nowasm_fallback\.js$/ };

function files(): { name: string; path: string }[] {
	return Object.entries(folders).flatMap(([folder, wanted]) =>
		readdirSync(source + folder)
			.filter((name) => wanted.test(name) || name.startsWith('LICENSE'))
			.map((name) => ({ name: `pdf/${folder}/${name}`, path: `${source}${folder}/${name}` }))
	);
}

/**
 * What pdf.js fetches by name while it reads: character maps, the standard fonts, decoders of rare pictures (as plain
 * scripts, because our content policy allows no WebAssembly). They stand under /pdf/.
 */
export function pdfMaterial(): Plugin {
	return {
		name: 'pdf-material',
		applyToEnvironment: (environment) => environment.name === 'client',
		generateBundle() {
			for (const { name, path } of files()) this.emitFile({ type: 'asset', fileName: name, source: readFileSync(path) });
		},
		configureServer(server) {
			const known = new Map(files().map(({ name, path }) => [`/${name}`, path]));
			server.middlewares.use((request, response, next) => {
				const path = known.get(request.url ?? '');
				if (path) response.end(readFileSync(path));
				else next();
			});
		}
	};
}
