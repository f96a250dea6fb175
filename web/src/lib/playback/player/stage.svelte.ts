const REST = 3_000;
const SAID = 700;

interface IPhoneVideo extends HTMLVideoElement {
	webkitEnterFullscreen?: () => void;
}

/** When the controls show, and the whole screen. */
export class Stage {
	awake = $state(true);
	full = $state(false);
	menuOpen = $state(false);
	/** a finger was here: it has no pointer to rest on a small button */
	touched = $state(false);
	/** seconds that taps have just gone, for a moment; 0 when none */
	leapt = $state(0);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#saying: ReturnType<typeof setTimeout> | undefined;

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
		else if (document.fullscreenEnabled) void stage.requestFullscreen().then(() => { this.#turn(video); }, () => undefined);
		else (video as IPhoneVideo | undefined)?.webkitEnterFullscreen?.(); // an iPhone gives the screen to a video only
	};

	/** Says how far taps went, all of one way together. */
	sayLeap(seconds: number): void {
		this.leapt = Math.sign(seconds) === Math.sign(this.leapt) ? this.leapt + seconds : seconds;
		clearTimeout(this.#saying);
		this.#saying = setTimeout(() => (this.leapt = 0), SAID);
	}

	/** A telephone that is held upright shows a wide film across. */
	#turn(video: HTMLVideoElement | undefined): void {
		if (!this.touched || !video || video.videoWidth <= video.videoHeight) return;
		const orientation = screen.orientation as ScreenOrientation & { lock?: (to: string) => Promise<void> };
		void orientation.lock?.('landscape').catch(() => undefined); // leaving the whole screen gives it back
	}
}

export function pipOf(video: HTMLVideoElement | undefined): (() => void) | undefined {
	if (!video || !document.pictureInPictureEnabled) return undefined;
	return () => {
		const change = document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture();
		void Promise.resolve(change).catch(() => undefined);
	};
}
