import * as pdfjs from 'pdfjs-dist';
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';

export type { PDFDocumentProxy, PDFPageProxy };

const MATERIAL = '/pdf/';
/** more pixels than this a phone cannot hold for one page */
const MOST_PIXELS = 8_000_000;

pdfjs.GlobalWorkerOptions.workerSrc = worker;

export function openPdf(url: string): Promise<PDFDocumentProxy> {
	return pdfjs.getDocument({
		url,
		cMapUrl: `${MATERIAL}cmaps/`,
		standardFontDataUrl: `${MATERIAL}standard_fonts/`,
		wasmUrl: `${MATERIAL}wasm/`,
		useWasm: false, // the content policy allows no WebAssembly
		enableXfa: false
	}).promise;
}

/** The status with which the box refused the file, if that was the reason. */
export function refusal(thrown: unknown): number | null {
	return thrown instanceof pdfjs.ResponseException ? thrown.status : null;
}

export function asksForPassword(thrown: unknown): boolean {
	return thrown instanceof pdfjs.PasswordException;
}

export interface Drawing {
	done: Promise<void>;
	cancel: () => void;
}

/** Draws a page into a canvas as wide as asked, in CSS pixels. */
export function drawPage(page: PDFPageProxy, canvas: HTMLCanvasElement, width: number): Drawing {
	const plain = page.getViewport({ scale: 1 });
	const wanted = (width / plain.width) * Math.min(2, Math.max(1, devicePixelRatio));
	const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (plain.width * plain.height)));
	const viewport = page.getViewport({ scale });
	canvas.width = Math.floor(viewport.width);
	canvas.height = Math.floor(viewport.height);
	const task = page.render({ canvas, viewport });
	return {
		done: task.promise.catch((thrown: unknown) => {
			if (!(thrown instanceof pdfjs.RenderingCancelledException)) throw thrown;
		}),
		cancel: () => { task.cancel(); }
	};
}

/** Lays selectable text over a page. */
export function layText(page: PDFPageProxy, container: HTMLElement, width: number): Drawing {
	const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
	container.style.setProperty('--total-scale-factor', String(viewport.scale));
	container.replaceChildren();
	const layer = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container, viewport });
	return { done: layer.render().catch(() => undefined), cancel: () => { layer.cancel(); } };
}
