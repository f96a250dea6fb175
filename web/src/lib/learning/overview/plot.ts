/** The measures of a bar plot; numbers of its own coordinates. */
export interface Bars {
	bars: { x: number; y: number; width: number; height: number; value: number; label: string; now: boolean }[];
	hints: { y: number; value: number }[];
	base: number;
}

export interface Size {
	width: number;
	height: number;
	/** how many of the last values there is room for */
	most: number;
}

const TOP = 26;
const FOOT = 30;
const LEFT = 36;

/** Two faint lines at round numbers, one of them near the top. */
export function roundSteps(highest: number): number[] {
	if (highest <= 1) return [1];
	const rough = highest / 2;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((n) => n * power).findLast((n) => n <= rough) ?? power;
	return [Math.max(1, step), Math.max(1, step) * 2];
}

/** The present value stands last. Every third label is said, counted back from it, so that they never touch. */
export function barsOf(values: readonly { value: number; label: string }[], size: Size): Bars {
	const shown = values.slice(-size.most);
	const highest = Math.max(1, ...shown.map((one) => one.value));
	const base = size.height - FOOT;
	const scale = (base - TOP) / highest;
	const room = (size.width - LEFT) / Math.max(1, shown.length);
	const width = Math.min(38, room * 0.46);
	return {
		base,
		hints: roundSteps(highest).filter((value) => value <= highest).map((value) => ({ value, y: base - value * scale })),
		bars: shown.map(({ value, label }, index) => {
			const back = shown.length - 1 - index;
			const height = value * scale;
			return { x: LEFT + room * (index + 0.5) - width / 2, y: base - height, width, height, value, label: back % 3 === 0 ? label : '', now: back === 0 };
		})
	};
}
