import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { ProgressReport, Span } from '#lib/api/types.ts';

export interface Waiting {
	content_id: string;
	report: ProgressReport & { at: string };
}

export type Join = (a: readonly Span[], b: readonly Span[]) => Span[];
export type Send = (contentId: string, report: ProgressReport, leaving: boolean) => Promise<void>;
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'lms.report.';

/**
 * Reports that the box has not confirmed yet, one entry for each person and content, so that two tabs do not
 * overwrite each other. An entry leaves only when the box has taken just what stands in it.
 */
export class ReportQueue {
	#store: Store;
	#person: string;

	constructor(store: Store, person: string) {
		this.#store = store;
		this.#person = person;
	}

	get #prefix(): string {
		return `${PREFIX}${this.#person}.`;
	}

	/** Joins a report with what waits for the same content. */
	put(contentId: string, report: ProgressReport & { at: string }, join: Join): void {
		const before = this.find(contentId);
		const joined = before ? joinReports(before, report, join) : report;
		try {
			this.#store.setItem(this.#prefix + contentId, JSON.stringify(joined));
		} catch {
			// a full store: what is on its way still goes, only a lost line would lose it
		}
	}

	find(contentId: string): (ProgressReport & { at: string }) | null {
		return parsed(this.#store.getItem(this.#prefix + contentId));
	}

	all(): Waiting[] {
		const found: Waiting[] = [];
		for (let index = 0; index < this.#store.length; index++) {
			const key = this.#store.key(index);
			if (!key?.startsWith(this.#prefix)) continue;
			const report = parsed(this.#store.getItem(key));
			if (report) found.push({ content_id: key.slice(this.#prefix.length), report });
		}
		return found;
	}

	/** Sends one entry. Returns the problem that keeps it waiting, or null when it is settled. */
	async send(contentId: string, send: Send, leaving = false): Promise<Problem | null> {
		const key = this.#prefix + contentId;
		const sent = this.#store.getItem(key);
		const report = parsed(sent);
		if (!report) return null;
		try {
			await send(contentId, report, leaving);
		} catch (thrown) {
			const problem = asProblem(thrown);
			if (problem.passes || problem.status === 401) return problem;
		}
		if (this.#store.getItem(key) === sent) this.#store.removeItem(key);
		return null;
	}
}

function joinReports<R extends ProgressReport & { at: string }>(before: R, after: R, join: Join): R {
	const newer = after.at >= before.at ? after : before;
	const older = newer === after ? before : after;
	const watched = join(before.watched ?? [], after.watched ?? []);
	return { ...older, ...newer, ...(watched.length ? { watched } : {}) };
}

function parsed(text: string | null): (ProgressReport & { at: string }) | null {
	if (!text) return null;
	try {
		const report = JSON.parse(text) as Partial<ProgressReport>;
		return typeof report.at === 'string' ? { ...report, at: report.at } : null;
	} catch {
		return null;
	}
}
