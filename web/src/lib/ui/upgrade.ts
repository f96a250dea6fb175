import { navigating, updated } from '$app/state';

/** After an upgrade of the box the parts of an open page have other names, which only the page of today knows: it is asked for. */
export function takeUpgrades(): () => void {
	const look = (): void => {
		if (navigating.to) return; // the page that is gone to is asked for anew by SvelteKit
		void updated.check().then((changed) => { if (changed) location.reload(); }, () => undefined);
	};
	window.addEventListener('vite:preloadError', look); // a part that is fetched when it is needed did not come
	return () => { window.removeEventListener('vite:preloadError', look); };
}
