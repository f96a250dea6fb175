import { request } from '#lib/api/request.ts';
import type { Progress, ProgressReport } from '#lib/api/types.ts';
import { visitor } from '#lib/accounts/session.svelte.ts';
import { ReportQueue, type Join } from './queue.ts';
import { fromPages, toPages, union } from './spans.ts';

const FIRST_RETRY = 5_000;
const LAST_RETRY = 120_000;

export const joinSeconds: Join = (a, b) => union(a, b);
export const joinPages: Join = (a, b) => toPages(union(fromPages(a), fromPages(b)));

type Confirmed = (progress: Progress) => void;

/** Brings what was watched to the box, now or when the line is back. */
class Reporter {
	/** how many contents have something that the box does not know yet */
	waiting = $state(0);
	offline = $state(false);
	/** true for a moment after everything waiting has arrived */
	recovered = $state(false);
	#confirmed = new Set<Confirmed>();
	#retry: ReturnType<typeof setTimeout> | undefined;
	#delay = FIRST_RETRY;

	open(): () => void {
		const online = (): void => {
			this.#delay = FIRST_RETRY;
			void this.flush();
		};
		const gone = (): void => {
			this.offline = true;
		};
		window.addEventListener('online', online);
		window.addEventListener('offline', gone);
		this.offline = !navigator.onLine;
		void this.flush();
		return () => {
			window.removeEventListener('online', online);
			window.removeEventListener('offline', gone);
		};
	}

	/** Hears what the box answered to each report. */
	onConfirmed(listener: Confirmed): () => void {
		this.#confirmed.add(listener);
		return () => this.#confirmed.delete(listener);
	}

	async report(contentId: string, report: ProgressReport, join: Join, leaving = false): Promise<void> {
		const queue = this.#queue();
		if (!queue) return;
		queue.put(contentId, { ...report, at: new Date().toISOString() }, join);
		this.#settle(await queue.send(contentId, this.#send, leaving));
	}

	/** What waits for a content: newer than what the box tells of it. */
	pending(contentId: string): ProgressReport | null {
		return this.#queue()?.find(contentId) ?? null;
	}

	async flush(): Promise<void> {
		const queue = this.#queue();
		if (!queue) return;
		for (const { content_id } of queue.all()) {
			const problem = await queue.send(content_id, this.#send);
			this.#settle(problem);
			if (problem) return;
		}
		if (navigator.onLine) this.offline = false;
	}

	#send = async (contentId: string, report: ProgressReport, leaving: boolean): Promise<void> => {
		const wish = { body: report, keepalive: leaving };
		const progress = await request<Progress>('PUT', `/contents/${contentId}/progress`, wish);
		for (const listener of this.#confirmed) listener(progress);
	};

	#settle(problem: { status: number } | null): void {
		const before = this.offline;
		this.waiting = this.#queue()?.all().length ?? 0;
		if (problem) {
			if (problem.status === 0) this.offline = true;
			this.#later();
			return;
		}
		this.offline = !navigator.onLine;
		this.#delay = FIRST_RETRY;
		if (before && !this.offline) this.#celebrate();
		if (this.waiting) this.#later();
	}

	#celebrate(): void {
		this.recovered = true;
		setTimeout(() => (this.recovered = false), 4_000);
	}

	#later(): void {
		clearTimeout(this.#retry);
		this.#retry = setTimeout(() => void this.flush(), this.#delay);
		this.#delay = Math.min(LAST_RETRY, this.#delay * 2);
	}

	#queue(): ReportQueue | null {
		return visitor.user ? new ReportQueue(localStorage, visitor.user.id) : null;
	}
}

export const reporter = new Reporter();

