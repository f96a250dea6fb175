/** Small numbers in words, others in figures of the language. */
export function inWords(n: number, small: readonly string[], locale: string): string {
	return small[n] ?? n.toLocaleString(locale);
}

export function hoursAndMinutes(minutes: number): { hours: number; rest: number } {
	const whole = Math.max(0, Math.round(minutes));
	return { hours: Math.floor(whole / 60), rest: whole % 60 };
}
