/** The second or page in an address that ends in ?at=61.5, as links from notes do. */
export function placeAsked(url: { searchParams: Pick<URLSearchParams, 'get'> }): number | null {
	const asked = url.searchParams.get('at');
	const place = Number(asked);
	return asked && Number.isFinite(place) && place >= 0 ? place : null;
}

/** The second in an address that ends in #t=83 or #t=83.5. */
export function timeInHash(hash: string): number | null {
	const match = /^#t=(\d+(?:\.\d+)?)$/.exec(hash);
	return match ? Number(match[1]) : null;
}

/** The page in an address that ends in #page=12. */
export function pageInHash(hash: string): number | null {
	const match = /^#page=(\d+)$/.exec(hash);
	return match ? Math.max(1, Number(match[1])) : null;
}
