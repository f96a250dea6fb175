import { asProblem, type Problem } from '#lib/api/problem.ts';
import { request, requestWithHeaders } from '#lib/api/request.ts';
import type { Job, JobState } from '#lib/api/types.ts';

export const PAGE = 20;
const BUSY = 2_000;
const CALM = 15_000;
const LONGEST = 60_000;

/** The jobs as they are, asked for again and again: often while something runs, seldom else, not at all when nobody looks. */
export class Jobs {
	items = $state.raw<Job[]>();
	total = $state(0);
	unfinished = $state(0);
	failed = $state(0);
	problem = $state.raw<Problem>();
	#state: JobState | '' = '';
	#skip = 0;
	#turn = 0;
	#failures = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Shows one kind of them; returns what ends the asking. */
	watch(state: JobState | '', skip: number): () => void {
		[this.#state, this.#skip] = [state, skip];
		const seen = (): void => { if (!document.hidden) void this.look(); else clearTimeout(this.#timer); };
		document.addEventListener('visibilitychange', seen);
		addEventListener('online', seen);
		void this.look();
		return () => {
			this.#turn++;
			clearTimeout(this.#timer);
			document.removeEventListener('visibilitychange', seen);
			removeEventListener('online', seen);
		};
	}

	look = async (): Promise<void> => {
		clearTimeout(this.#timer);
		const turn = ++this.#turn;
		try {
			const [page, queued, running, failed] = await Promise.all([this.#ask(this.#state, this.#skip, PAGE), this.#ask('queued', 0, 1), this.#ask('running', 0, 1), this.#ask('failed', 0, 1)]);
			if (turn !== this.#turn) return;
			[this.items, this.total, this.unfinished, this.failed] = [page.items, page.total, queued.total + running.total, failed.total];
			this.problem = undefined;
			this.#failures = 0;
		} catch (thrown) {
			if (turn !== this.#turn) return;
			this.problem = asProblem(thrown);
			this.#failures++;
		}
		if (!document.hidden) this.#timer = setTimeout(() => void this.look(), this.#pause());
	};

	async retry(job: Job): Promise<void> {
		await request<Job>('POST', `/jobs/${job.id}/retry`);
		await this.look();
	}

	async cancel(job: Job): Promise<void> {
		await request<Job>('POST', `/jobs/${job.id}/cancel`);
		await this.look();
	}

	/** Longer after each failure, and as long as the box asks for. */
	#pause(): number {
		if (this.#failures) return Math.max(Math.min(LONGEST, BUSY * 2 ** this.#failures), (this.problem?.retryAfter ?? 0) * 1000);
		return this.unfinished ? BUSY : CALM;
	}

	async #ask(state: JobState | '', skip: number, limit: number): Promise<{ items: Job[]; total: number }> {
		const answer = await requestWithHeaders<Job[]>('GET', '/jobs', { query: { state, skip, limit } });
		return { items: answer.body, total: Number(answer.headers.get('X-Total-Count') ?? answer.body.length) };
	}
}
