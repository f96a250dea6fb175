import type { Drop } from './dropped.ts';

/** A folder that was dropped on the page of a course, on its way to the page where it is planned. */
let waiting: Drop | null = null;

export function handOver(drop: Drop): void {
	waiting = drop;
}

export function takeOver(): Drop | null {
	const drop = waiting;
	waiting = null;
	return drop;
}
