/**
 * In figures of the language. Most numbers of a page are small and whole, and all our languages write those alike: the first
 * number that the browser has to format itself costs a phone a tenth of a second.
 */
export function inFigures(n: number, locale: string, digits = 0): string {
	const rounded = Number(n.toFixed(digits));
	const plain = Number.isInteger(rounded) && Math.abs(rounded) < 1000;
	return plain ? String(rounded) : n.toLocaleString(locale, { maximumFractionDigits: digits });
}

/** Small numbers in words, others in figures. */
export function inWords(n: number, small: readonly string[], locale: string): string {
	return small[n] ?? inFigures(n, locale);
}

export function hoursAndMinutes(minutes: number): { hours: number; rest: number } {
	const whole = Math.max(0, Math.round(minutes));
	return { hours: Math.floor(whole / 60), rest: whole % 60 };
}
