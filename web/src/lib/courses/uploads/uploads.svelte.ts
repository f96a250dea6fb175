import { Sending, type Wanted } from './sending.svelte.ts';
import type { Where } from './unfinished.ts';

const TOGETHER = 3;
const TICK = 1_000;
const AGAIN = 20_000;
/** How much of the pace just measured counts against the one known so far. */
const FRESH = 0.25;

/** All files on their way; they go on while somebody looks at other pages. */
class Uploads {
	items = $state.raw<Sending[]>([]);
	/** bytes a second, smoothed; 0 until it is known */
	pace = $state(0);
	#timer: ReturnType<typeof setInterval> | undefined;
	#measured = 0;
	#ticks = 0;

	constructor() {
		addEventListener('online', () => { this.#wake(); });
		addEventListener('beforeunload', (event) => { if (this.active) event.preventDefault(); });
	}

	/** True while something is on its way or waits for it. */
	get active(): boolean {
		return this.items.some((one) => one.state === 'sending' || one.state === 'waiting' || one.state === 'paused');
	}

	of(place: string): Sending[] {
		return this.items.filter(({ wanted }) => placeKey(wanted.where) === place);
	}

	add(wanted: readonly Wanted[]): Sending[] {
		const fresh = wanted.map((one) => new Sending(one, () => { this.#next(); }));
		this.items = [...this.items, ...fresh];
		this.#next();
		return fresh;
	}

	goOn(one: Sending): void {
		one.state = 'waiting';
		this.#next();
	}

	async giveUp(one: Sending): Promise<void> {
		this.items = this.items.filter((other) => other !== one);
		await one.giveUp();
	}

	/** Forgets what is over, so that the list says what is to do. */
	clear(place: string): void {
		this.items = this.items.filter((one) => !(one.isOver && placeKey(one.wanted.where) === place));
	}

	/** Seconds until the last byte, or null while nobody can know. */
	secondsLeft(items: readonly Sending[]): number | null {
		const open = items.filter((one) => !one.isOver && one.state !== 'stopped');
		const bytes = open.reduce((sum, one) => sum + one.size - one.sent, 0);
		return this.pace > 0 ? bytes / this.pace : null;
	}

	#next(): void {
		const free = TOGETHER - this.items.filter((one) => one.state === 'sending').length;
		for (const one of this.items.filter((each) => each.state === 'waiting').slice(0, Math.max(0, free))) void one.start();
		if (this.active) this.#timer ??= setInterval(() => { this.#tick(); }, TICK);
		else this.#rest();
	}

	/** What paused for a cut line tries again. */
	#wake(): void {
		for (const one of this.items.filter((each) => each.state === 'paused')) one.state = 'waiting';
		this.#next();
	}

	#tick(): void {
		const sent = this.items.reduce((sum, one) => sum + one.sent, 0);
		const now = Math.max(0, sent - this.#measured);
		if (this.#measured) this.pace = this.pace ? this.pace * (1 - FRESH) + now * FRESH : now;
		this.#measured = sent;
		if (++this.#ticks * TICK >= AGAIN) {
			this.#ticks = 0;
			if (navigator.onLine && !this.items.some((one) => one.state === 'sending')) this.#wake();
		}
	}

	#rest(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#measured = 0;
		this.pace = 0;
	}
}

/** The course or the folder that an upload goes to. */
export function placeKey(where: Where): string {
	return 'folder' in where ? where.folder : where.course;
}

export const uploads = new Uploads();
