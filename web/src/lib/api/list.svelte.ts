import { asProblem, type Problem } from './problem.ts';
import { requestWithHeaders } from './request.ts';

/** One page of a longer list; what is shown stays until the next page has come. */
export class PagedList<T> {
	items = $state.raw<T[]>();
	total = $state(0);
	problem = $state.raw<Problem>();
	loading = $state(false);
	#path: () => string;
	#query: () => Record<string, string | number | null>;
	#stop = new AbortController();

	/** `query` is read again by each load; called in an effect, a change of it loads anew. */
	constructor(path: () => string, query: () => Record<string, string | number | null>) {
		this.#path = path;
		this.#query = query;
	}

	load = async (): Promise<void> => {
		this.#stop.abort();
		const stop = (this.#stop = new AbortController());
		const [path, query] = [this.#path(), this.#query()];
		this.loading = true;
		try {
			const answer = await requestWithHeaders<T[]>('GET', path, { query, signal: stop.signal });
			this.items = answer.body;
			this.total = Number(answer.headers.get('X-Total-Count') ?? answer.body.length);
			this.problem = undefined;
		} catch (thrown) {
			if (!stop.signal.aborted) this.problem = asProblem(thrown);
		} finally {
			if (!stop.signal.aborted) this.loading = false;
		}
	};

	/** Shows one item in the place of the one that `is` it, without asking again. */
	replace(item: T, is: (other: T) => boolean): void {
		this.items = this.items?.map((other) => (is(other) ? item : other));
	}

	close(): void {
		this.#stop.abort();
	}
}
