import { asProblem, type Problem } from './problem.ts';

/** Something a page waits for: not yet, there, or failed in a way that can be tried again. */
export class Resource<T> {
	value = $state.raw<T | undefined>();
	problem = $state.raw<Problem | undefined>();
	loading = $state(true);
	#load: () => Promise<T>;
	#turn = 0;

	constructor(load: () => Promise<T>) {
		this.#load = load;
		void this.reload();
	}

	/** Fetches again; what is there stays until the new one comes. */
	reload = async (): Promise<void> => {
		const turn = ++this.#turn;
		this.loading = true;
		try {
			const value = await this.#load();
			if (turn !== this.#turn) return;
			this.value = value;
			this.problem = undefined;
		} catch (thrown) {
			if (turn === this.#turn) this.problem = asProblem(thrown);
		} finally {
			if (turn === this.#turn) this.loading = false;
		}
	};
}
