import { afterNavigate, beforeNavigate } from '$app/navigation';
import { t } from '#lib/words/words.svelte.ts';
import { toasts } from './toast.svelte.ts';

/** What a page is made of cannot come without a line: better to stay here than on a page of the browser's. */
export function stayWithoutLine(): void {
	const been = new Set<string>();
	afterNavigate(({ to }) => { if (to?.route.id) been.add(to.route.id); });
	beforeNavigate(({ to, willUnload, cancel }) => {
		if (navigator.onLine || willUnload || !to?.route.id || been.has(to.route.id)) return;
		cancel();
		toasts.say(`${t().problems.offline.title}. ${t().problems.offline.text}`);
	});
}
