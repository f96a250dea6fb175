const HIGHEST = 360;

/** For `{@attach}`: a field that is as high as its words, up to a point. */
export function growing(field: HTMLTextAreaElement): () => void {
	const grow = (): void => {
		field.style.height = 'auto';
		if (field.scrollHeight > field.clientHeight) field.style.height = `${String(Math.min(HIGHEST, field.scrollHeight + 2))}px`;
	};
	if (field.value) grow(); // to measure an empty one would only lay the page out early
	field.addEventListener('input', grow);
	return () => { field.removeEventListener('input', grow); };
}
