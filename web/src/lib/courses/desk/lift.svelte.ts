import { tick } from 'svelte';
import { t } from '#lib/words/words.svelte.ts';
import { moved, spotBeside, spotOf, stepped, type Group } from './order.ts';

/** What is put in order: shown at once, and kept. */
export interface Arranging<S extends Group> {
	sections: S[];
	/** takes an order; false where it could not be kept */
	arrange(sections: S[]): Promise<boolean>;
}

/** Where a dragged row would come to stand: beside another one, or at the end of a section. */
export interface Target {
	row: string | null;
	section: number;
	after: boolean;
}

type Hand = 'grip' | 'up' | 'down';

const EDGE = 90;
const STRIDE = 12;
type OnMoved = (id: string, title: string, undo: () => void) => void;

/** A row in the hand: of the keyboard, that moves it step by step, or of a pointer, that drops it somewhere. */
export class Lift<S extends Group = Group> {
	/** the row that is lifted */
	id = $state<string | null>(null);
	byPointer = $state(false);
	/** how far the pointer has carried it */
	offset = $state(0);
	target = $state.raw<Target | null>(null);
	/** for those who hear it */
	said = $state('');
	#before: S[] = [];
	#start = 0;
	#order: () => Arranging<S>;
	#onMoved: OnMoved | undefined;

	constructor(order: () => Arranging<S>, onMoved?: OnMoved) {
		this.#order = order;
		this.#onMoved = onMoved;
	}

	lift(id: string): void {
		this.id = id;
		this.#before = this.#order().sections;
		this.said = t().editor.lifted(this.#titleOf(id), this.#placeOf(id));
	}

	/** One step, where there is room for it. */
	step(by: -1 | 1): void {
		if (!this.id) return;
		const next = stepped(this.#order().sections, this.id, by);
		if (next) {
			this.#order().sections = next;
			void this.refocus(this.id);
		}
		this.said = this.#placeOf(this.id);
	}

	async drop(): Promise<void> {
		const id = this.id;
		if (!id) return;
		const [before, after] = [this.#before, this.#order().sections];
		this.said = t().editor.dropped(this.#titleOf(id), this.#placeOf(id));
		this.#letGo();
		await this.#keep(id, before, after);
	}

	putBack(): void {
		if (!this.id) return;
		this.#order().sections = this.#before;
		this.said = t().editor.returned(this.#titleOf(this.id));
		void this.refocus(this.id);
		this.#letGo();
	}

	/** One step without lifting, by the arrows of a row. */
	async nudge(id: string, by: -1 | 1): Promise<void> {
		const before = this.#order().sections;
		const next = stepped(before, id, by);
		if (!next) return;
		this.#order().sections = next;
		this.said = `${this.#titleOf(id)}. ${this.#placeOf(id)}`;
		void this.refocus(id, by < 0 ? 'up' : 'down');
		await this.#keep(id, before, next);
	}

	/** What a row was moved by keeps the focus, wherever the row goes. */
	async refocus(id: string, hand: Hand = 'grip'): Promise<void> {
		await tick();
		const held = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] [data-hand="${hand}"]`);
		held?.focus({ preventScroll: true });
		held?.scrollIntoView({ block: 'nearest' });
	}

	/** Follows a pointer from its press on a grip until it lets go. */
	drag(id: string, press: PointerEvent): void {
		if (press.button !== 0) return;
		press.preventDefault();
		this.lift(id);
		this.byPointer = true;
		this.#start = press.pageY;
		const stop = new AbortController();
		const options = { signal: stop.signal };
		const end = (act: () => void) => (): void => { stop.abort(); act(); };
		addEventListener('pointermove', (event) => { this.#carry(event); }, options);
		addEventListener('pointerup', end(() => void this.#dropOnTarget()), options);
		addEventListener('pointercancel', end(() => { this.putBack(); }), options);
		addEventListener('keydown', (event) => { if (event.key === 'Escape') end(() => { this.putBack(); })(); }, options);
	}

	#carry(event: PointerEvent): void {
		this.offset = event.pageY - this.#start;
		if (event.clientY < EDGE) scrollBy(0, -STRIDE);
		else if (event.clientY > innerHeight - EDGE) scrollBy(0, STRIDE);
		const under = document.elementsFromPoint(event.clientX, event.clientY);
		const row = under.map((one) => one.closest<HTMLElement>('[data-row]')).find((one) => one && one.dataset.row !== this.id);
		if (row?.dataset.row) {
			const box = row.getBoundingClientRect();
			this.target = { row: row.dataset.row, section: -1, after: event.clientY > box.top + box.height / 2 };
			return;
		}
		const section = under.map((one) => one.closest<HTMLElement>('[data-section]')).find(Boolean);
		if (section) this.target = { row: null, section: Number(section.dataset.section), after: true };
	}

	async #dropOnTarget(): Promise<void> {
		const { id, target } = this;
		const sections = this.#order().sections;
		if (id && target) {
			const spot = target.row ? spotBeside(sections, id, target.row, target.after) : { section: target.section, index: Number.MAX_SAFE_INTEGER };
			if (spot) this.#order().sections = moved(sections, id, spot);
		}
		await this.drop();
	}

	#letGo(): void {
		this.id = null;
		this.byPointer = false;
		this.offset = 0;
		this.target = null;
	}

	async #keep(id: string, before: S[], after: S[]): Promise<void> {
		const [was, is] = [spotOf(before, id), spotOf(after, id)];
		if (!is || (was?.section === is.section && was.index === is.index)) return;
		const title = this.#titleOf(id);
		const kept = await this.#order().arrange(after);
		if (kept) this.#onMoved?.(id, title, () => void this.#order().arrange(before));
	}

	#titleOf(id: string): string {
		return this.#order().sections.flatMap((section) => section.contents).find((row) => row.id === id)?.title ?? '';
	}

	#placeOf(id: string): string {
		const sections = this.#order().sections;
		const spot = spotOf(sections, id);
		const section = spot && sections[spot.section];
		return spot && section ? t().editor.place(spot.index + 1, section.contents.length, section.title || t().editor.untitled) : '';
	}
}
