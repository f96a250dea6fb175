import { replaceState } from '$app/navigation';

/** Once it has been gone to, a place leaves the address: reloaded, a lesson is where its reader was. */
export function forgetPlace(): void {
	const url = new URL(location.href);
	if (!url.searchParams.has('at')) return;
	url.searchParams.delete('at');
	replaceState(url, {});
}
