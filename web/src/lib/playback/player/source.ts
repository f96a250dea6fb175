import type { default as Hls, LoadPolicy } from 'hls.js';
import type { Playback } from '#lib/api/types.ts';

/** One height of picture that can be chosen. */
export interface Quality {
	index: number;
	height: number;
}

export interface SourceEvents {
	qualities: (qualities: Quality[]) => void;
	/** the height that is on the screen now, and whether it was chosen by itself */
	quality: (height: number | null) => void;
	/** something did not come, and is asked for again */
	late: () => void;
	/** something came */
	well: () => void;
	failed: () => void;
	/** fetches fresh addresses when the old ones have ended */
	renew: () => Promise<Playback>;
}

export interface Source {
	/** -1 lets the line decide */
	choose: (index: number) => void;
	/** tries again after it was given up */
	retry: () => void;
	close: () => void;
}

const HLS_TYPE = 'application/vnd.apple.mpegurl';
const GONE = new Set([401, 403, 410]);
const MOST_RENEWALS = 4;
const PAUSE = 2_000;

/**
 * Puts a playback into a media element, at its `currentTime`, and goes on playing where that was asked for already:
 * hls.js where it can, the browser's own HLS else, or the file itself.
 */
export async function openSource(media: HTMLMediaElement, playback: Playback, events: SourceEvents): Promise<Source> {
	const HlsPlayer = playback.hls_url ? (await import('hls.js')).default : null;
	const playing = !media.paused;
	const source = place(HlsPlayer, media, playback, events);
	if (playing) playWhenReady(media);
	return source;
}

function place(HlsPlayer: typeof Hls | null, media: HTMLMediaElement, playback: Playback, events: SourceEvents): Source {
	const { hls_url: url, source_url: file } = playback;
	if (url && HlsPlayer?.isSupported()) return openHls(HlsPlayer, media, url, events);
	return openPlain(media, (url && media.canPlayType(HLS_TYPE) ? url : file) ?? '', events);
}

interface Renewer {
	/** starts again with fresh addresses */
	renew: () => void;
	/** something arrived: what failed before is forgotten */
	well: () => void;
	retry: () => void;
	close: () => void;
}

/** Fetches fresh addresses, one at a time, with growing pauses, and gives up after a few refusals. */
function renewer(events: SourceEvents, use: (playback: Playback) => void): Renewer {
	let tries = 0;
	let busy = false;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const attempt = async (): Promise<void> => {
		try {
			use(await events.renew());
			busy = false;
		} catch {
			busy = false;
			renew();
		}
	};
	const renew = (): void => {
		if (busy) return;
		if (tries >= MOST_RENEWALS) {
			events.failed();
			return;
		}
		busy = true;
		events.late();
		timer = setTimeout(() => void attempt(), tries++ * PAUSE);
	};
	const well = (): void => {
		tries = 0;
		events.well();
	};
	const retry = (): void => {
		tries = 0;
		renew();
	};
	return { renew, well, retry, close: () => { clearTimeout(timer); } };
}

function openPlain(media: HTMLMediaElement, url: string, events: SourceEvents): Source {
	const seekTo = (second: number): void => {
		media.addEventListener('loadedmetadata', () => (media.currentTime = second), { once: true });
	};
	const { renew, well, retry, close } = renewer(events, (fresh) => {
		const playing = !media.paused;
		seekTo(media.currentTime);
		media.src = fresh.hls_url ?? fresh.source_url ?? '';
		if (playing) playWhenReady(media);
	});
	if (media.currentTime > 0) seekTo(media.currentTime);
	media.addEventListener('error', renew);
	media.addEventListener('playing', well);
	media.src = url;
	return {
		choose: () => undefined,
		retry,
		close: () => {
			close();
			media.removeEventListener('error', renew);
			media.removeEventListener('playing', well);
			media.removeAttribute('src');
			media.load();
		}
	};
}

/** Every renewal starts a new hls.js: an old one would still speak of addresses that have ended. */
function openHls(HlsPlayer: typeof Hls, media: HTMLMediaElement, url: string, events: SourceEvents): Source {
	let chosen = -1;
	const { renew, well, retry, close } = renewer(events, (fresh) => {
		const playing = !media.paused;
		const here = media.currentTime;
		hls.destroy();
		hls = startHls(HlsPlayer, media, fresh.hls_url ?? url, here, { ...events, well, gone: renew });
		hls.startLevel = chosen;
		if (playing) playWhenReady(media);
	});
	let hls = startHls(HlsPlayer, media, url, media.currentTime, { ...events, well, gone: renew });
	return {
		choose: (index) => {
			chosen = index;
			hls.nextLevel = index;
		},
		retry,
		close: () => {
			close();
			hls.destroy();
		}
	};
}

interface HlsEvents extends SourceEvents {
	gone: () => void;
}

/** Seconds that are fetched ahead: of a film that nobody has started only the first pieces, for many look at a lesson and go on. */
const GLIMPSE = { maxBufferLength: 4, maxMaxBufferLength: 4 };
const AHEAD = { maxBufferLength: 30, maxMaxBufferLength: 60 };

/** How long hls.js is patient by itself: what stays away is soon given up to the renewer, that knows when to give up. */
const PATIENCE: LoadPolicy = {
	default: {
		maxTimeToFirstByteMs: 8_000,
		maxLoadTimeMs: 120_000,
		timeoutRetry: null,
		errorRetry: { maxNumRetry: 1, retryDelayMs: 1_000, maxRetryDelayMs: 1_000 }
	}
};

function startHls(HlsPlayer: typeof Hls, media: HTMLMediaElement, url: string, start: number, events: HlsEvents): Hls {
	const hls = new HlsPlayer({
		startPosition: start > 0 ? start : -1,
		enableWorker: false, // segments are fragmented MP4 already: there is nothing to repack
		renderTextTracksNatively: false,
		capLevelToPlayerSize: true,
		manifestLoadPolicy: PATIENCE,
		playlistLoadPolicy: PATIENCE,
		fragLoadPolicy: PATIENCE,
		...(media.paused ? GLIMPSE : AHEAD),
		backBufferLength: 60
	});
	media.addEventListener('play', () => Object.assign(hls.config, AHEAD), { once: true });
	let repairs = 0;
	hls.on(HlsPlayer.Events.MANIFEST_PARSED, (_, { levels }) => {
		const heights = levels.map((level, index) => ({ index, height: level.height })).filter(({ height }) => height > 0);
		events.qualities(heights.sort((a, b) => b.height - a.height));
	});
	hls.on(HlsPlayer.Events.LEVEL_SWITCHED, (_, { level }) => {
		events.quality(hls.levels[level]?.height ?? null);
	});
	hls.on(HlsPlayer.Events.FRAG_BUFFERED, events.well);
	hls.on(HlsPlayer.Events.ERROR, (_, data) => {
		if (GONE.has(data.response?.code ?? 0)) events.gone();
		else if (!data.fatal) return;
		else if (data.type === HlsPlayer.ErrorTypes.NETWORK_ERROR) waitForLine(hls, events);
		else if (data.type === HlsPlayer.ErrorTypes.MEDIA_ERROR && repairs++ < 2) hls.recoverMediaError();
		else events.failed();
	});
	hls.loadSource(url);
	hls.attachMedia(media);
	return hls;
}

function playWhenReady(media: HTMLMediaElement): void {
	media.addEventListener('loadedmetadata', () => void media.play().catch(() => undefined), { once: true });
}

/** Goes on by itself when the line is back; where the line is there and the bytes are not, the box may be starting again. */
function waitForLine(hls: Hls, events: HlsEvents): void {
	if (navigator.onLine) events.gone();
	else window.addEventListener('online', () => { hls.startLoad(); }, { once: true });
}
