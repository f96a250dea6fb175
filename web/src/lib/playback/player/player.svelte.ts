import { untrack } from 'svelte';
import type { CaptionLink, Playback, Span } from '#lib/api/types.ts';
import { atFirstHand } from '#lib/ui/hand.ts';
import { getPlayback } from '../playback.ts';
import { fetchVtt, type Cue } from '../vtt.ts';
import { settings, rates } from './settings.svelte.ts';
import { openSource, type Quality, type Source } from './source.ts';

export const BACK = 10;
/** Milliseconds after which somebody who only looks has the film brought all the same. */
const LOOKING = 8_000;

/** A playing thing: what its controls show, and what they can do. */
export class Player {
	playing = $state(false);
	/** pressed play at least once: the poster may go */
	begun = $state(false);
	/** a hand has moved the clock */
	moved = false;
	waiting = $state(false);
	ended = $state(false);
	/** something did not come, and is asked for again */
	trying = $state(false);
	failed = $state(false);
	time = $state(0);
	duration = $state(0);
	loaded = $state.raw<Span[]>([]);
	qualities = $state.raw<Quality[]>([]);
	/** -1: as the line allows */
	chosen = $state(-1);
	height = $state<number | null>(null);
	cues = $state.raw<Cue[]>([]);
	chapters = $state.raw<Cue[]>([]);
	readonly playback: Playback;
	#media: HTMLMediaElement | undefined;
	#source: Source | undefined;
	#opening = false;
	#closed = false;

	constructor(playback: Playback, start: number) {
		this.playback = playback;
		this.time = start;
		this.duration = playback.duration ?? 0;
	}

	/** For `{@attach}`: lives as long as the element, whatever is changed meanwhile. */
	attach = (media: HTMLMediaElement): (() => void) => untrack(() => this.#attach(media));

	#attach(media: HTMLMediaElement): () => void {
		this.#media = media;
		media.volume = settings.now.volume;
		media.muted = settings.now.muted;
		media.defaultPlaybackRate = media.playbackRate = settings.now.rate;
		const listening = new AbortController();
		for (const [name, heard] of Object.entries(this.#heard)) media.addEventListener(name, heard, { signal: listening.signal });
		media.currentTime = this.time; // where it begins when it is there, and what it says until then
		atFirstHand(() => void this.#open(media), LOOKING, listening.signal);
		void this.#loadChapters();
		return () => {
			listening.abort();
			this.#closed = true;
			this.#source?.close();
		};
	}

	get paused(): boolean {
		return !this.playing;
	}

	get captions(): CaptionLink[] {
		return this.playback.captions;
	}

	get caption(): CaptionLink | undefined {
		return this.captions.find((link) => link.language === settings.now.captions);
	}

	/** The captions in the reader's language, else the first. */
	get ownCaption(): CaptionLink | undefined {
		const page = document.documentElement.lang;
		return this.captions.find(({ language }) => language.startsWith(page)) ?? this.captions[0];
	}

	get chapter(): Cue | undefined {
		return this.chapters.findLast((cue) => cue.start <= this.time);
	}

	play = (): void => {
		this.begun = true;
		void this.#media?.play().catch(() => undefined); // a browser may ask for a hand first
	};

	pause = (): void => {
		this.#media?.pause();
	};

	toggle = (): void => {
		if (this.playing) this.pause();
		else this.play();
	};

	/** After it was given up: once more, from the same place. */
	retry = (): void => {
		this.failed = false;
		if (this.#source) this.#source.retry();
		else location.reload(); // a browser remembers that a part of the page did not come
	};

	seek = (second: number): void => {
		if (!this.#media) return;
		const target = Math.min(Math.max(0, second), this.duration || second);
		this.ended = false;
		this.moved = true;
		this.time = target;
		this.#media.currentTime = target;
	};

	step = (seconds: number): void => {
		this.seek((this.#media?.currentTime ?? this.time) + seconds);
	};

	setRate = (rate: number): void => {
		settings.change({ rate });
		if (this.#media) this.#media.defaultPlaybackRate = this.#media.playbackRate = rate;
	};

	stepRate = (direction: 1 | -1): void => {
		const here = rates.indexOf(settings.now.rate);
		const next = rates[(here < 0 ? rates.indexOf(1) : here) + direction];
		if (next) this.setRate(next);
	};

	setVolume = (volume: number): void => {
		const rounded = Math.round(Math.min(1, Math.max(0, volume)) * 100) / 100;
		settings.change({ volume: rounded, muted: rounded === 0 });
		this.#sound();
	};

	toggleMute = (): void => {
		const muted = !settings.now.muted;
		settings.change({ muted, volume: !muted && settings.now.volume === 0 ? 0.5 : settings.now.volume });
		this.#sound();
	};

	choose = (index: number): void => {
		this.chosen = index;
		this.#source?.choose(index);
	};

	setCaptions = (language: string): void => {
		settings.change({ captions: language });
	};

	toggleCaptions = (): void => {
		this.setCaptions(this.caption ? '' : (this.ownCaption?.language ?? ''));
	};

	/** Fetches captions, the chosen ones or the reader's own for the transcript. */
	loadCues = async (link: CaptionLink | undefined): Promise<void> => {
		try {
			this.cues = link ? await fetchVtt(link.url) : [];
		} catch {
			this.cues = []; // a lesson without its captions is still a lesson
		}
	};

	#sound(): void {
		if (!this.#media) return;
		this.#media.volume = settings.now.volume;
		this.#media.muted = settings.now.muted;
	}

	/** Brings what plays: not with the page, for whoever comes to read its words need not wait for it. */
	async #open(media: HTMLMediaElement): Promise<void> {
		if (this.#opening) return;
		this.#opening = true;
		try {
			const source = await openSource(media, this.playback, {
				qualities: (found) => (this.qualities = found),
				quality: (height) => (this.height = height),
				late: () => (this.trying = true),
				well: () => (this.trying = false),
				failed: () => {
					this.trying = false;
					this.failed = true;
				},
				renew: () => getPlayback(this.playback.content_id)
			});
			if (this.#closed) source.close();
			else this.#source = source;
		} catch {
			this.failed = true;
		}
	}

	async #loadChapters(): Promise<void> {
		if (this.playback.chapters_url) this.chapters = await fetchVtt(this.playback.chapters_url).catch(() => []);
	}

	#heard: Record<string, () => void> = {
		play: () => {
			this.playing = true;
			this.begun = true;
			this.ended = false;
			if (this.#media) void this.#open(this.#media);
		},
		pause: () => (this.playing = false),
		ended: () => {
			this.playing = false;
			this.ended = true;
		},
		waiting: () => (this.waiting = true),
		playing: () => {
			this.waiting = this.trying = this.failed = false;
		},
		canplay: () => (this.waiting = false),
		timeupdate: () => {
			const media = this.#media;
			if (media && media.readyState > 0) this.time = media.currentTime;
		},
		seeking: () => {
			if (this.#media) this.time = this.#media.currentTime;
		},
		durationchange: () => {
			const found = this.#media?.duration ?? 0;
			if (Number.isFinite(found) && found > 0) this.duration = found;
		},
		progress: () => {
			const ranges = this.#media?.buffered;
			if (ranges) this.loaded = Array.from({ length: ranges.length }, (_, index): Span => [ranges.start(index), ranges.end(index)]);
		}
	};
}
