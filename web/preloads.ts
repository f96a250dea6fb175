import { fileURLToPath } from 'node:url';
import type { Plugin, Rolldown } from 'vite';
import { FIRST_PAGE } from './src/lib/courses/first-page.ts';

const ROUTES = fileURLToPath(new URL('./src/routes', import.meta.url)).replaceAll('\\', '/');
/** What a page asks of the box first, whoever opens it: exactly as it asks, else it would be asked twice. */
const QUESTIONS: Record<string, string[]> = {
	'/catalogue': [`/courses?sort=${FIRST_PAGE.sort}&limit=${String(FIRST_PAGE.limit)}`],
	'/courses/[id]': ['/courses/[id]'],
	'/courses/[id]/contents/[content_id]': ['/courses/[id]']
};
/**
 * Parts whose scripts come by themselves, but later than they could: most who open a lesson open a film, and in English.
 * Their styles are not named: a browser complains of those that are named and not used.
 */
const ALONG: Record<string, RegExp> = {
	'/courses/[id]/contents/[content_id]': /words.en.(lesson|notes)\.ts$|MediaLesson\.svelte$/
};
/** What every page of somebody who is signed in asks along. */
const MINE = ['/enrollments'];
const PART = /^(.*)\/\+(page|layout|error)\.svelte$/;

/**
 * Says in preloads.json which files each page needs, with the layouts around it, the largest first, and what it asks first, for
 * the box to name them with the page: otherwise the browser learns of them one after another, only when the files before them
 * have run.
 */
export function preloads(): Plugin {
	return {
		name: 'preloads',
		applyToEnvironment: (environment) => environment.name === 'client',
		generateBundle(_options, bundle) {
			const parts = Object.values(bundle).flatMap((chunk) => {
				if (chunk.type !== 'chunk' || !chunk.facadeModuleId) return [];
				const imported = this.getModuleInfo(chunk.facadeModuleId)?.importedIds ?? [];
				const [, folder, kind] = imported.map((id) => PART.exec(id)).find((found) => found?.[1]?.startsWith(ROUTES)) ?? [];
				return folder === undefined ? [] : [{ route: folder.slice(ROUTES.length) || '/', kind, files: filesOf(chunk, bundle) }];
			});
			const around = parts.filter(({ kind }) => kind !== 'page');
			const needed = parts
				.filter(({ kind }) => kind === 'page')
				.map(({ route, files }) => {
					const outer = around.filter((one) => isInside(route, one.route)).flatMap((one) => one.files);
					const all = new Set([...outer, ...files, ...alongOf(route, bundle)]);
					return [addressOf(route), { files: largestFirst([...all], bundle), questions: QUESTIONS[route] ?? [], mine: MINE }];
				});
			this.emitFile({ type: 'asset', fileName: 'preloads.json', source: JSON.stringify(Object.fromEntries(needed)) });
		}
	};
}

/** What stands in parentheses keeps pages together, and is no part of their addresses. */
function addressOf(route: string): string {
	return route.replaceAll(/\/\([\w-]+\)/g, '');
}

function isInside(route: string, folder: string): boolean {
	return folder === '/' || `${route}/`.startsWith(`${folder}/`);
}

/** A chunk, all that it imports, and their styles. */
function filesOf(chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle, found = new Set<string>()): string[] {
	if (found.has(chunk.fileName)) return [];
	found.add(chunk.fileName);
	for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
	for (const name of chunk.imports) {
		const imported = bundle[name];
		if (imported?.type === 'chunk') filesOf(imported, bundle, found);
	}
	return [...found];
}

function alongOf(route: string, bundle: Rolldown.OutputBundle): string[] {
	const isAlong = (chunk: Rolldown.OutputChunk): boolean => chunk.moduleIds.some((id) => ALONG[route]?.test(id));
	const files = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' && isAlong(chunk) ? filesOf(chunk, bundle) : []));
	return files.filter((file) => file.endsWith('.js'));
}

/** A browser asks for few at a time, so that what takes longest has to begin first. */
function largestFirst(files: string[], bundle: Rolldown.OutputBundle): string[] {
	return files.toSorted((a, b) => sizeOf(bundle[b]) - sizeOf(bundle[a]));
}

function sizeOf(file?: Rolldown.OutputChunk | Rolldown.OutputAsset): number {
	return (file?.type === 'chunk' ? file.code : (file?.source ?? '')).length;
}
