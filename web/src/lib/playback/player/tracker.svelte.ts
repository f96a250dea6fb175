import { untrack } from 'svelte';
import type { Content, Span } from '#lib/api/types.ts';
import type { CourseState } from '#lib/courses/course-state.svelte.ts';
import { joinSeconds, reporter } from '#lib/learning/reporter.svelte.ts';
import { union } from '#lib/learning/spans.ts';
import { WatchedTape } from '#lib/learning/watched.ts';
import type { Player } from './player.svelte.ts';

const EVERY = 10_000;
/** so near the end, a lesson begins anew when it is opened again */
const NEAR_END = 3;

/** Where to sit before play: what waits in this browser is newer than what the box knows. */
export function resumePosition(state: CourseState, content: Content): number {
	const position = reporter.pending(content.id)?.position ?? state.of(content.id)?.position ?? 0;
	return content.duration && position > content.duration - NEAR_END ? 0 : position;
}

/** Follows a media element and tells the box what was truly watched. */
export class Tracker {
	/** everything watched so far, what the box knows and what it does not know yet */
	watched = $state.raw<Span[]>([]);
	#tape = new WatchedTape();
	#contentId: string;
	#enrolled: boolean;
	#timer: ReturnType<typeof setInterval> | undefined;
	#media: HTMLMediaElement | undefined;
	#player: Player;
	#position: number;
	#told: number;

	constructor(state: CourseState, content: Content, player: Player) {
		this.#player = player;
		this.#position = this.#told = player.time;
		this.#contentId = content.id;
		this.#enrolled = state.enrolled;
		this.watched = union(state.of(content.id)?.watched ?? [], reporter.pending(content.id)?.watched ?? []);
	}

	/** For `{@attach}`. */
	attach = (media: HTMLMediaElement): (() => void) => untrack(() => this.#attach(media));

	#attach(media: HTMLMediaElement): () => void {
		this.#media = media;
		const listening = new AbortController();
		const { signal } = listening;
		media.addEventListener('timeupdate', this.#tick, { signal });
		media.addEventListener('playing', () => { this.#mark(media); }, { signal });
		media.addEventListener('pause', () => {
			if (!media.seeking) this.#mark(media); // the clock's last tick may be a quarter of a second old
			this.#report();
		}, { signal });
		media.addEventListener('ended', () => { this.#report(); }, { signal });
		media.addEventListener('seeking', () => { this.#tape.cut(); }, { signal });
		media.addEventListener('seeked', () => {
			this.#tick();
			this.#report();
		}, { signal });
		document.addEventListener('visibilitychange', () => { if (document.hidden) this.#report(true); }, { signal });
		window.addEventListener('pagehide', () => { this.#report(true); }, { signal });
		this.#timer = setInterval(() => { if (!media.paused) this.#report(); }, EVERY);
		return () => {
			listening.abort();
			clearInterval(this.#timer);
			this.#report(true);
		};
	}

	#tick = (): void => {
		const media = this.#media;
		if (!media || media.readyState === 0) return;
		this.#position = media.currentTime;
		if (!media.paused && !media.seeking) this.#mark(media);
	};

	#mark(media: HTMLMediaElement): void {
		this.#position = media.currentTime;
		this.#tape.tick(media.currentTime, media.playbackRate);
		const { open } = this.#tape;
		if (open) this.watched = union(this.watched, [open]);
	}

	/** Nothing is said of a lesson that was opened and neither played nor moved. */
	#report(leaving = false): void {
		const watched = union(this.#tape.take().map(([start, end]): Span => [round(start), round(end)]));
		const touched = this.#player.begun || this.#player.moved;
		if (!this.#enrolled || !touched || (watched.length === 0 && this.#position === this.#told)) return;
		this.#told = this.#position;
		const report = { position: round(this.#position), ...(watched.length ? { watched } : {}) };
		void reporter.report(this.#contentId, report, joinSeconds, leaving);
	}
}

function round(second: number): number {
	return Math.round(second * 100) / 100;
}
