import type { Content, Span } from '#lib/api/types.ts';
import type { CourseState } from '#lib/courses/course-state.svelte.ts';
import { joinPages, reporter } from './reporter.svelte.ts';
import { covered, fromPages, toPages, union } from './spans.ts';

/** A page counts as seen when the eyes rested on it so long. */
const GLANCE = 1_200;
const EVERY = 4_000;

/** Follows a reader from page to page and tells the box which ones were seen. */
export class PageTracker {
	/** half-open, pages from 1 */
	seen = $state.raw<Span[]>([]);
	page = $state(1);
	readonly start: number;
	#contentId: string;
	#enrolled: boolean;
	#fresh: Span[] = [];
	#told: number;
	#glance: ReturnType<typeof setTimeout> | undefined;
	#timer: ReturnType<typeof setInterval> | undefined;

	constructor(state: CourseState, content: Content, wanted: number | null) {
		const pending = reporter.pending(content.id);
		const known = state.of(content.id);
		this.#contentId = content.id;
		this.#enrolled = state.enrolled;
		this.seen = union(fromPages(known?.watched ?? []), fromPages(pending?.watched ?? []));
		this.start = wanted ?? Math.max(1, Math.floor(pending?.position ?? known?.position ?? 1));
		this.#told = this.page = this.start;
	}

	get count(): number {
		return covered(this.seen);
	}

	has(page: number): boolean {
		return this.seen.some(([start, end]) => start <= page && page < end);
	}

	/** For `$effect`: reports while the reader is here, and when they go. */
	open = (): (() => void) => {
		const listening = new AbortController();
		const { signal } = listening;
		document.addEventListener('visibilitychange', () => { if (document.hidden) this.#report(true); }, { signal });
		window.addEventListener('pagehide', () => { this.#report(true); }, { signal });
		this.#timer = setInterval(() => { this.#report(); }, EVERY);
		return () => {
			listening.abort();
			clearInterval(this.#timer);
			clearTimeout(this.#glance);
			this.#report(true);
		};
	};

	/** The eyes are on a page. */
	look(page: number): void {
		this.page = page;
		clearTimeout(this.#glance);
		this.#glance = setTimeout(() => { this.see(page); }, GLANCE);
	}

	see(page: number): void {
		if (this.has(page)) return;
		this.seen = union(this.seen, [[page, page + 1]]);
		this.#fresh = union(this.#fresh, [[page, page + 1]]);
	}

	#report(leaving = false): void {
		const watched = toPages(this.#fresh);
		if (!this.#enrolled || (watched.length === 0 && this.page === this.#told)) return;
		this.#fresh = [];
		this.#told = this.page;
		void reporter.report(this.#contentId, { position: this.page, ...(watched.length ? { watched } : {}) }, joinPages, leaving);
	}
}
