import { version } from '$app/env';
import { self } from '$app/service-worker';

/**
 * Without a line the pages open from what is kept here: the page that is the same at every address and for everybody, and
 * those of its files that were needed on this device. Whatever else a page asks for never comes by here.
 */
const CACHE = `lms.${version}`;
const PAGE = '/index.html';
const FILES = '/_app/immutable/';
const NAMED = /\/_app\/immutable\/[\w./-]+/g;
const NO_PAGE = /^\/(api|media)(\/|$)/;

self.addEventListener('install', (event) => {
	event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
	event.waitUntil(takeOver());
});

self.addEventListener('fetch', (event) => {
	const { method, mode, url } = event.request;
	const { origin, pathname } = new URL(url);
	if (method !== 'GET' || origin !== self.location.origin) return;
	if (pathname.startsWith(FILES)) event.respondWith(fileFor(event));
	else if (mode === 'navigate' && !NO_PAGE.test(pathname)) event.respondWith(pageFor(event.request));
});

/** With what it names, or not at all: it has to stand by itself. */
async function keepPage(): Promise<void> {
	const page = await fetch(PAGE, { cache: 'no-cache' });
	const text = await page.clone().text();
	if (!page.ok || !text.includes(version)) throw new Error('This is not the page of this version.');
	const cache = await caches.open(CACHE);
	await cache.addAll(new Set(text.match(NAMED)));
	await cache.put(PAGE, page);
}

async function takeOver(): Promise<void> {
	const older = (await caches.keys()).filter((name) => name !== CACHE);
	await Promise.all(older.map((name) => caches.delete(name)));
	await self.clients.claim();
}

/** The box's own answer, whatever it says; what is kept only where none comes. */
async function pageFor(request: Request): Promise<Response> {
	try {
		return await fetch(request); // not asked ahead (navigationPreload): whatever is no page would be asked for twice
	} catch (gone) {
		const kept = await caches.match(PAGE);
		if (kept) return kept;
		throw gone;
	}
}

/** A file of this name never changes. */
async function fileFor(event: FetchEvent): Promise<Response> {
	const cache = await caches.open(CACHE);
	const kept = await cache.match(event.request);
	if (kept) return kept;
	const file = await fetch(event.request);
	if (file.ok) event.waitUntil(cache.put(event.request, file.clone()).catch(() => undefined)); // a full disk keeps nobody from reading
	return file;
}
