import { dev } from '$app/env';
import { afterNavigate, beforeNavigate } from '$app/navigation';
import { visitor } from '#lib/accounts/session.svelte.ts';
import { t } from '#lib/words/words.svelte.ts';
import { toasts } from './toast.svelte.ts';

const PATIENCE = 3_000;

/** What a page is made of cannot come without a line: better to stay here than on a page that says only that. */
export function stayWithoutLine(): void {
	const been = new Set<string>();
	afterNavigate(({ to }) => { if (to?.route.id) been.add(to.route.id); });
	beforeNavigate(({ to, willUnload, cancel }) => {
		if (navigator.onLine || willUnload || !to?.route.id || been.has(to.route.id)) return;
		cancel();
		toasts.say(`${t().problems.offline.title}. ${t().problems.offline.text}`);
	});
}

/** The worker keeps what pages are made of, to open without a line. It comes when the first page has nothing else to do. */
export function keepForLater(): (() => void) | undefined {
	if (dev || !('serviceWorker' in navigator)) return; // which there is only over HTTPS, and on the machine itself
	const { serviceWorker } = navigator;
	let timer: ReturnType<typeof setTimeout> | undefined;
	serviceWorker.addEventListener('controllerchange', bringToWorker);
	void visitor.open().then(() => {
		timer = setTimeout(() => void serviceWorker.register('/service-worker.js').catch(() => undefined), PATIENCE);
	});
	return () => {
		clearTimeout(timer);
		serviceWorker.removeEventListener('controllerchange', bringToWorker);
	};
}

/** What came before the worker did is asked for once more, past it: from the browser's own store, where it lies already. */
function bringToWorker(): void {
	const files = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/_app/immutable/'));
	for (const { name } of files) void fetch(name, { priority: 'low' }).catch(() => undefined);
}
