import { beforeEach, expect, it } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import type { ProgressReport } from '#lib/api/types.ts';
import { ReportQueue, type Store } from './queue.ts';
import { union } from './spans.ts';

class Shelf implements Store {
	readonly #kept = new Map<string, string>();
	get length(): number {
		return this.#kept.size;
	}
	getItem = (key: string): string | null => this.#kept.get(key) ?? null;
	setItem = (key: string, value: string): void => void this.#kept.set(key, value);
	removeItem = (key: string): void => void this.#kept.delete(key);
	key = (index: number): string | null => [...this.#kept.keys()][index] ?? null;
}

const at = (second: number): string => `2026-11-01T10:00:${String(second).padStart(2, '0')}.000Z`;
const offline = new Problem({ status: 0, code: 'offline' });
let shelf: Shelf;
let queue: ReportQueue;

beforeEach(() => {
	shelf = new Shelf();
	queue = new ReportQueue(shelf, 'ada');
});

it('joins reports of one content: all that was watched, the newest place', () => {
	queue.put('film', { position: 10, watched: [[0, 10]], at: at(1) }, union);
	queue.put('film', { position: 4, watched: [[2, 4], [20, 30]], at: at(2) }, union);
	expect(queue.find('film')).toEqual({ position: 4, watched: [[0, 10], [20, 30]], at: at(2) });
});

it('does not let an older report move the place', () => {
	queue.put('film', { position: 10, at: at(5) }, union);
	queue.put('film', { position: 4, watched: [[0, 4]], at: at(2) }, union);
	expect(queue.find('film')).toEqual({ position: 10, watched: [[0, 4]], at: at(5) });
});

it('keeps a mark by hand beside what is watched', () => {
	queue.put('film', { completed: true, at: at(1) }, union);
	queue.put('film', { position: 3, watched: [[0, 3]], at: at(2) }, union);
	expect(queue.find('film')).toMatchObject({ completed: true, position: 3 });
});

it('forgets what the box has taken', async () => {
	const sent: ProgressReport[] = [];
	queue.put('film', { position: 1, at: at(1) }, union);
	expect(await queue.send('film', (_, report) => Promise.resolve(void sent.push(report)))).toBeNull();
	expect(sent).toEqual([{ position: 1, at: at(1) }]);
	expect(queue.all()).toEqual([]);
});

it('keeps what could not be sent', async () => {
	queue.put('film', { position: 1, at: at(1) }, union);
	expect(await queue.send('film', () => Promise.reject(offline))).toBe(offline);
	expect(queue.all()).toHaveLength(1);
});

it('keeps what came while it was sending', async () => {
	queue.put('film', { position: 1, watched: [[0, 1]], at: at(1) }, union);
	await queue.send('film', () => {
		queue.put('film', { position: 2, watched: [[1, 2]], at: at(2) }, union);
		return Promise.resolve();
	});
	expect(queue.find('film')).toMatchObject({ position: 2 });
});

it.each([[403, true], [404, true], [422, true], [401, false], [429, false], [503, false]])('after %i gives up: %s', async (status, gone) => {
	queue.put('film', { position: 1, at: at(1) }, union);
	await queue.send('film', () => Promise.reject(new Problem({ status, code: 'x' })));
	expect(queue.find('film') === null).toBe(gone);
});

it('keeps people apart, and survives what others wrote', () => {
	shelf.setItem('lms.report.ada.broken', '{');
	shelf.setItem('something else', '1');
	new ReportQueue(shelf, 'bob').put('film', { position: 9, at: at(1) }, union);
	queue.put('film', { position: 1, at: at(1) }, union);
	expect(queue.all()).toEqual([{ content_id: 'film', report: { position: 1, at: at(1) } }]);
});
