import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { Entry } from './outline.ts';
import { getPlayback } from '../playback.ts';

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
const GONE = new Set([401, 403, 410]);

export interface Size {
	width: number;
	height: number;
}

/** A PDF being read: the document, its size, and how large it is shown. */
export class Reader {
	outline = $state.raw<Entry[]>([]);
	document = $state.raw<PDFDocumentProxy | null>(null);
	count = $state(0);
	failed = $state<'no' | 'broken' | 'locked'>('no');
	/** of the first page; the others are taken for alike until they are drawn */
	size = $state.raw<Size>({ width: 612, height: 792 });
	/** words that are looked for */
	wanted = $state('');
	/** 1 fits the width */
	zoom = $state(1);
	#contentId: string;
	#renewed = false;
	#closed = false;

	constructor(contentId: string, count: number, url: string) {
		this.#contentId = contentId;
		this.count = count;
		void this.#open(url);
	}

	get ratio(): number {
		return this.size.width / this.size.height;
	}

	get canGrow(): boolean {
		return this.zoom < (ZOOMS.at(-1) ?? 1);
	}

	get canShrink(): boolean {
		return this.zoom > (ZOOMS[0] ?? 1);
	}

	grow = (): void => {
		this.zoom = ZOOMS.find((zoom) => zoom > this.zoom) ?? this.zoom;
	};

	shrink = (): void => {
		this.zoom = ZOOMS.findLast((zoom) => zoom < this.zoom) ?? this.zoom;
	};

	fit = (): void => {
		this.zoom = 1;
	};

	/** A page could not be fetched: perhaps the address has ended, then a fresh one helps, once. */
	stumbled = async (status: number | null): Promise<void> => {
		if (this.#renewed || !GONE.has(status ?? 0)) {
			if (!this.document) this.failed = 'broken';
			return;
		}
		this.#renewed = true;
		const fresh = await getPlayback(this.#contentId).catch(() => null);
		if (fresh?.pages?.pdf_url) await this.#open(fresh.pages.pdf_url);
		else this.failed = 'broken';
	};

	close = (): void => {
		this.#closed = true;
		void this.document?.loadingTask.destroy();
	};

	async #open(url: string): Promise<void> {
		const [{ asksForPassword, openPdf, refusal }, { readOutline }] = await Promise.all([import('./pdf.ts'), import('./outline.ts')]);
		try {
			const opened = await openPdf(url);
			const first = await opened.getPage(1);
			const { width, height } = first.getViewport({ scale: 1 });
			if (this.#closed) {
				void opened.loadingTask.destroy();
				return;
			}
			this.size = { width, height };
			this.count = opened.numPages;
			this.document = opened;
			this.outline = await readOutline(opened).catch(() => []);
		} catch (thrown) {
			if (asksForPassword(thrown)) this.failed = 'locked';
			else await this.stumbled(refusal(thrown));
		}
	}
}
