/** The first letters of the first and the last word; one letter for one word. */
export function initials(name: string): string {
	const words = name.split('@')[0]?.split(/[\s._-]+/).filter(Boolean) ?? [];
	const first = [...(words[0] ?? '')][0] ?? '';
	const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
	return (first + last).toLocaleUpperCase();
}
