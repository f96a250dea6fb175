import { inFigures } from './numbers.ts';
import { language, t } from './words.svelte.ts';

/** 18:42, or 1:02:03 from an hour on. */
export function clock(seconds: number): string {
	const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
	const two = (n: number): string => String(n).padStart(2, '0');
	const hours = Math.floor(whole / 3600);
	const minutes = Math.floor(whole / 60) % 60;
	return hours ? `${String(hours)}:${two(minutes)}:${two(whole % 60)}` : `${String(minutes)}:${two(whole % 60)}`;
}

/** Whole minutes; never none where there is something. */
export function minutesOf(seconds: number): number {
	return seconds <= 0 ? 0 : Math.max(1, Math.round(seconds / 60));
}

/** 4 kB, 2.1 MB. */
export function fileSize(bytes: number): string {
	const units = ['B', 'kB', 'MB', 'GB', 'TB'];
	const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
	const amount = bytes / 1000 ** step;
	const digits = amount < 10 && step > 1 ? 1 : 0;
	return t().size(inFigures(amount, language(), digits), units[step] ?? 'B');
}

/** 1.25×, in the figures of the language. */
export function rateText(rate: number): string {
	return t().rate(inFigures(rate, language(), 2));
}

/** “German” for de; the code itself where the browser knows no name for it. */
export function languageName(code: string): string {
	try {
		return new Intl.DisplayNames([language()], { type: 'language' }).of(code) ?? code;
	} catch {
		return code;
	}
}
