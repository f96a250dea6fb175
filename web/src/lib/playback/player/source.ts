import type Hls from 'hls.js';
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
	failed: () => void;
	/** fetches fresh addresses when the old ones have ended */
	renew: () => Promise<Playback>;
}

export interface Source {
	/** -1 lets the line decide */
	choose: (index: number) => void;
	close: () => void;
}

const HLS_TYPE = 'application/vnd.apple.mpegurl';
const GONE = new Set([401, 403, 410]);
const RENEW_PAUSE = 10_000;

/** Puts a playback into a media element: hls.js where it can, the browser's own HLS else, or the file itself. */
export async function openSource(media: HTMLMediaElement, playback: Playback, start: number, events: SourceEvents): Promise<Source> {
	if (!playback.hls_url) return openPlain(media, playback.source_url ?? '', start, events);
	const { default: HlsPlayer } = await import('hls.js');
	if (HlsPlayer.isSupported()) return openHls(HlsPlayer, media, playback.hls_url, start, events);
	if (media.canPlayType(HLS_TYPE)) return openPlain(media, playback.hls_url, start, events);
	return openPlain(media, playback.source_url ?? '', start, events);
}

/** At most one renewal in a while: a box that keeps refusing must not be asked for ever. */
function renewer(events: SourceEvents, use: (playback: Playback) => void): () => void {
	let last = -RENEW_PAUSE;
	return () => {
		if (performance.now() - last < RENEW_PAUSE) {
			events.failed();
			return;
		}
		last = performance.now();
		events.renew().then(use, events.failed);
	};
}

function openPlain(media: HTMLMediaElement, url: string, start: number, events: SourceEvents): Source {
	const seekTo = (second: number): void => {
		media.addEventListener('loadedmetadata', () => (media.currentTime = second), { once: true });
	};
	const renew = renewer(events, (fresh) => {
		const playing = !media.paused;
		seekTo(media.currentTime);
		media.src = fresh.hls_url ?? fresh.source_url ?? '';
		if (playing) void media.play().catch(() => undefined);
	});
	if (start > 0) seekTo(start);
	media.addEventListener('error', renew);
	media.src = url;
	return {
		choose: () => undefined,
		close: () => {
			media.removeEventListener('error', renew);
			media.removeAttribute('src');
			media.load();
		}
	};
}

function openHls(HlsPlayer: typeof Hls, media: HTMLMediaElement, url: string, start: number, events: SourceEvents): Source {
	const hls = new HlsPlayer({
		startPosition: start > 0 ? start : -1,
		enableWorker: false, // segments are fragmented MP4 already: there is nothing to repack
		renderTextTracksNatively: false,
		capLevelToPlayerSize: true,
		maxBufferLength: 30,
		backBufferLength: 60
	});
	const renew = renewer(events, (fresh) => {
		if (fresh.hls_url) reload(hls, media, fresh.hls_url);
	});
	let repairs = 0;
	hls.on(HlsPlayer.Events.MANIFEST_PARSED, (_, { levels }) => {
		const heights = levels.map((level, index) => ({ index, height: level.height })).filter(({ height }) => height > 0);
		events.qualities(heights.sort((a, b) => b.height - a.height));
	});
	hls.on(HlsPlayer.Events.LEVEL_SWITCHED, (_, { level }) => {
		events.quality(hls.levels[level]?.height ?? null);
	});
	hls.on(HlsPlayer.Events.ERROR, (_, data) => {
		if (GONE.has(data.response?.code ?? 0)) renew();
		else if (!data.fatal) return;
		else if (data.type === HlsPlayer.ErrorTypes.NETWORK_ERROR) waitForLine(hls, events);
		else if (data.type === HlsPlayer.ErrorTypes.MEDIA_ERROR && repairs++ < 2) hls.recoverMediaError();
		else events.failed();
	});
	hls.loadSource(url);
	hls.attachMedia(media);
	return {
		choose: (index) => (hls.nextLevel = index),
		close: () => { hls.destroy(); }
	};
}

function reload(hls: Hls, media: HTMLMediaElement, url: string): void {
	const playing = !media.paused;
	hls.config.startPosition = media.currentTime;
	hls.loadSource(url);
	if (playing) void media.play().catch(() => undefined);
}

/** Goes on by itself when the line is back; gives up only where the line is there and the bytes are not. */
function waitForLine(hls: Hls, events: SourceEvents): void {
	if (navigator.onLine) {
		events.failed();
		return;
	}
	window.addEventListener('online', () => { hls.startLoad(); }, { once: true });
}
