import type { DetailedError, Upload, UploadOptions } from 'tus-js-client';
import { t } from '#lib/words/words.svelte.ts';
import { fingerprintOf, placeOf, type Where } from './unfinished.ts';

export type SendingState = 'waiting' | 'sending' | 'paused' | 'stopped' | 'done' | 'failed';

export const ENDPOINT = '/api/v1/upload/tus';
const PAUSES = [0, 1_000, 2_000, 4_000, 8_000, 15_000];
/** Answers after which the same piece may be taken: it is busy, too many ask, or it is not well. */
const PASSING = new Set([0, 409, 423, 429]);

export interface Wanted {
	file: File;
	name: string;
	title: string;
	where: Where;
	/** hears of the content that it has become */
	onDone?: (contentId: string | null) => Promise<void> | void;
}

/** One file on its way, in pieces that outlive a cut line and a closed page. */
export class Sending {
	readonly key = crypto.randomUUID?.() ?? `${String(Date.now())}-${String(Math.random())}`;
	readonly wanted: Wanted;
	sent = $state(0);
	state = $state<SendingState>('waiting');
	reason = $state('');
	#upload: Upload | undefined;
	#onEnd: () => void;

	constructor(wanted: Wanted, onEnd: () => void) {
		this.wanted = wanted;
		this.#onEnd = onEnd;
	}

	get size(): number {
		return this.wanted.file.size;
	}

	get isOver(): boolean {
		return this.state === 'done' || this.state === 'failed';
	}

	async start(): Promise<void> {
		this.state = 'sending';
		this.reason = '';
		try {
			const tus = await import('tus-js-client');
			this.#upload ??= new tus.Upload(this.wanted.file, this.#options());
			const before = (await this.#upload.findPreviousUploads())[0];
			if (before && !this.#upload.url) this.#upload.resumeFromPreviousUpload(before);
			if (this.#stillSending()) this.#upload.start();
		} catch {
			this.#pause(); // the code for it did not come: the line is gone
		}
	}

	async stop(): Promise<void> {
		this.state = 'stopped';
		await this.#upload?.abort();
		this.#onEnd();
	}

	/** Given up for good, here and in the box. */
	async giveUp(): Promise<void> {
		this.state = 'stopped';
		await this.#upload?.abort(true).catch(() => undefined);
		this.#onEnd();
	}

	#stillSending(): boolean {
		return this.state === 'sending';
	}

	#options(): UploadOptions {
		const { file, name, title, where } = this.wanted;
		return {
			endpoint: ENDPOINT,
			metadata: { filename: name, ...(title ? { title } : {}), ...placeOf(where) },
			fingerprint: () => Promise.resolve(fingerprintOf(file, name, where)),
			retryDelays: PAUSES,
			removeFingerprintOnSuccess: true,
			onProgress: (sent) => {
				this.sent = sent;
				if (this.state === 'paused') this.state = 'sending';
			},
			onShouldRetry: (error) => this.#mayPass(error),
			onError: (error) => { this.#fail(error); },
			onSuccess: ({ lastResponse }) => void this.#finish(lastResponse.getHeader('X-Content-Id') ?? null)
		};
	}

	#mayPass(error: DetailedError): boolean {
		const status = error.originalResponse?.getStatus() ?? 0;
		const passes = PASSING.has(status) || status >= 500;
		if (passes && this.state === 'sending') this.state = 'paused';
		return passes;
	}

	async #finish(contentId: string | null): Promise<void> {
		this.sent = this.size;
		try {
			await this.wanted.onDone?.(contentId);
			this.state = 'done';
		} catch (thrown) {
			this.reason = thrown instanceof Error ? thrown.message : '';
			this.state = 'failed';
		}
		this.#onEnd();
	}

	#fail(error: Error | DetailedError): void {
		const response = 'originalResponse' in error ? error.originalResponse : null;
		const status = response?.getStatus() ?? 0;
		if (PASSING.has(status) || status >= 500) {
			this.#pause();
			return;
		}
		this.#upload = undefined; // what is left of it would be refused again
		this.reason = status === 410 ? t().upload.gone : detailOf(response?.getBody()) || t().problems.refused.text;
		this.state = 'failed';
		this.#onEnd();
	}

	#pause(): void {
		this.state = 'paused';
		this.#onEnd();
	}
}

function detailOf(body: string | undefined): string {
	try {
		return String((JSON.parse(body ?? '') as { detail?: unknown }).detail ?? '');
	} catch {
		return '';
	}
}
