import { language, t } from './words.svelte.ts';

const DAY = 86_400_000;

const midnight = (moment: Date): number => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();

/** A day as people say it: today, yesterday, Thursday, 2 November, 2 November 2024. */
export function dayText(iso: string, now = new Date()): string {
	const moment = new Date(iso);
	const days = Math.round((midnight(now) - midnight(moment)) / DAY);
	if (days === 0) return t().today;
	if (days === 1) return t().yesterday;
	if (days > 1 && days < 7) return moment.toLocaleDateString(language(), { weekday: 'long' });
	return dateText(iso, now);
}

/** 2 November, with the year when it is another one; also for days to come. */
export function dateText(iso: string, now = new Date()): string {
	const moment = new Date(iso);
	const year = moment.getFullYear() === now.getFullYear() ? undefined : 'numeric';
	return moment.toLocaleDateString(localeOfDates(), { day: 'numeric', month: 'long', year });
}

/** 9 Nov, for the foot of a plot; of a day without a time, which is the same everywhere. */
export function shortDate(day: string): string {
	return new Date(`${day}T12:00:00Z`).toLocaleDateString(localeOfDates(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** Our English puts the day first. */
function localeOfDates(): string {
	return language() === 'en' ? 'en-GB' : language();
}
