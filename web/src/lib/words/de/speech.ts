import { hoursAndMinutes, inFigures, inWords } from '../numbers.ts';

export const small = ['keine', 'eine', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf'];
export const count = (n: number): string => inWords(n, small, 'de');
export const amount = (n: number): string => inFigures(n, 'de');
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const figures = (n: number, one: string, many: string): string => `${amount(n)} ${n === 1 ? one : many}`;

export const span = (minutes: number): string => {
	const { hours, rest } = hoursAndMinutes(minutes);
	if (hours === 0) return `${String(rest)} min`;
	return rest === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(rest)} min`;
};

export const left = (seconds: number): string => {
	if (seconds < 50) return 'weniger als eine Minute';
	const minutes = Math.round(seconds / 60);
	return minutes < 60 ? `${count(minutes)} ${minutes === 1 ? 'Minute' : 'Minuten'}` : span(minutes);
};

export const time = (seconds: number): string => {
	const whole = Math.floor(seconds);
	const { hours, rest } = hoursAndMinutes(Math.floor(whole / 60));
	const parts = [hours && figures(hours, 'Stunde', 'Stunden'), rest && figures(rest, 'Minute', 'Minuten')];
	return [...parts, figures(whole % 60, 'Sekunde', 'Sekunden')].filter(Boolean).join(' ');
};
