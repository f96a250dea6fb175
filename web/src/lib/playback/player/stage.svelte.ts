const REST = 3_000;
const DOUBLE = 300;

interface IPhoneVideo extends HTMLVideoElement {
	webkitEnterFullscreen?: () => void;
}

/** When the controls show, and the whole screen. */
export class Stage {
	awake = $state(true);
	full = $state(false);
	menuOpen = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#lastTap = 0;

	wake = (): void => {
		this.awake = true;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => (this.awake = false), REST);
	};

	sleep = (): void => {
		clearTimeout(this.#timer);
		this.awake = false;
	};

	toggleFull = (stage: HTMLElement, video: HTMLVideoElement | undefined): void => {
		if (document.fullscreenElement) void document.exitFullscreen();
		else if (document.fullscreenEnabled) void stage.requestFullscreen().catch(() => undefined);
		else (video as IPhoneVideo | undefined)?.webkitEnterFullscreen?.(); // an iPhone gives the screen to a video only
	};

	/** Two taps in quick succession. */
	isDouble(event: MouseEvent): boolean {
		const quick = event.timeStamp - this.#lastTap < DOUBLE;
		this.#lastTap = quick ? 0 : event.timeStamp;
		return quick;
	}
}

export function pipOf(video: HTMLVideoElement | undefined): (() => void) | undefined {
	if (!video || !document.pictureInPictureEnabled) return undefined;
	return () => {
		const change = document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture();
		void Promise.resolve(change).catch(() => undefined);
	};
}
