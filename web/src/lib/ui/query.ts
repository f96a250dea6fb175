/** The same page with other wishes in its address; what is empty is not said. */
export function withQuery(url: Pick<URL, 'href'>, changes: Record<string, string | number>): URL {
	const next = new URL(url.href);
	for (const [name, value] of Object.entries(changes)) {
		if (value === '') next.searchParams.delete(name);
		else next.searchParams.set(name, String(value));
	}
	return next;
}
