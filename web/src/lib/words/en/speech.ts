import { hoursAndMinutes, inFigures, inWords } from '../numbers.ts';

export const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
export const count = (n: number): string => inWords(n, small, 'en');
export const amount = (n: number): string => inFigures(n, 'en');
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`;
export const figures = (n: number, one: string, many: string): string => `${amount(n)} ${n === 1 ? one : many}`;

/** A length as a row says it: "3 h 10 min". */
export const span = (minutes: number): string => {
	const { hours, rest } = hoursAndMinutes(minutes);
	if (hours === 0) return `${String(rest)} min`;
	return rest === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(rest)} min`;
};

/** What is left, as a sentence says it: "twelve minutes". */
export const left = (seconds: number): string => {
	if (seconds < 50) return 'less than a minute';
	const minutes = Math.round(seconds / 60);
	return minutes < 60 ? plural(minutes, 'minute', 'minutes') : span(minutes);
};

export const time = (seconds: number): string => {
	const whole = Math.floor(seconds);
	const { hours, rest } = hoursAndMinutes(Math.floor(whole / 60));
	const parts = [hours && figures(hours, 'hour', 'hours'), rest && figures(rest, 'minute', 'minutes')];
	return [...parts, figures(whole % 60, 'second', 'seconds')].filter(Boolean).join(' ');
};
