import { expect, it } from 'vitest';
import { WatchedTape } from './watched.ts';

function play(tape: WatchedTape, from: number, to: number, rate = 1): void {
	for (let second = from; second <= to; second += 0.25 * rate) tape.tick(second, rate);
}

it('holds what the clock went through', () => {
	const tape = new WatchedTape();
	play(tape, 3, 9);
	expect(tape.take()).toEqual([[3, 9]]);
});

it('goes on after a report without a hole', () => {
	const tape = new WatchedTape();
	play(tape, 0, 10);
	expect(tape.take()).toEqual([[0, 10]]);
	play(tape, 10.25, 20);
	expect(tape.take()).toEqual([[10, 20]]);
});

it('does not count what a seek jumped over, announced or not', () => {
	const tape = new WatchedTape();
	play(tape, 0, 2);
	tape.cut();
	play(tape, 4, 5);
	tape.tick(50);
	play(tape, 50, 51);
	expect(tape.take()).toEqual([[0, 2], [4, 5], [50, 51]]);
});

it('counts a part seen again once', () => {
	const tape = new WatchedTape();
	play(tape, 0, 8);
	play(tape, 4, 6);
	expect(tape.take()).toEqual([[0, 8]]);
});

it('is not cut by a fast clock or a busy browser', () => {
	const tape = new WatchedTape();
	tape.tick(0, 2);
	tape.tick(7, 2);
	expect(tape.take()).toEqual([[0, 7]]);
});

it('has nothing to say twice', () => {
	const tape = new WatchedTape();
	play(tape, 0, 4);
	tape.cut();
	tape.take();
	expect(tape.take()).toEqual([]);
});
