/** Takes the token out of the fragment, so that it stays neither in the address bar nor in the history. */
export function takeToken(): string {
	const token = decodeURIComponent(location.hash.slice(1));
	if (token) history.replaceState(history.state, '', location.pathname);
	return token;
}

/** Where to go after signing in: a path of this site, never another address. */
export function safeTarget(wanted: string | null): string {
	return wanted && /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}
