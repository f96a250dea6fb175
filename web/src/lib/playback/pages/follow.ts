/** Calls with the number of the sheet that lies across the middle of the window, whenever that changes. */
export function followSheets(well: HTMLElement, look: (number: number) => void): void {
	const observer = new IntersectionObserver(
		(entries) => {
			const met = entries.find((entry) => entry.isIntersecting);
			const number = Number((met?.target as HTMLElement | undefined)?.dataset.page);
			if (number) look(number);
		},
		{ rootMargin: '-45% 0px -55% 0px' } // a line a little above the middle
	);
	for (const sheet of well.querySelectorAll('[data-page]')) observer.observe(sheet);
}
