import { t } from '#lib/words/words.svelte.ts';
import type { CourseDesk } from './desk.svelte.ts';
import { moved, numberOf, spotBeside, spotOf, stepped, type Ordered } from './order.ts';

/** Where a dragged row would come to stand: beside another one, or at the end of a section. */
export interface Target {
	content: string | null;
	section: number;
	after: boolean;
}

const EDGE = 90;
const STRIDE = 12;
type OnMoved = (title: string, place: number, undo: () => void) => void;

/** A row in the hand: of the keyboard, that moves it step by step, or of a pointer, that drops it somewhere. */
export class Lift {
	/** the content that is lifted */
	id = $state<string | null>(null);
	byPointer = $state(false);
	/** how far the pointer has carried it */
	offset = $state(0);
	target = $state.raw<Target | null>(null);
	/** for those who hear it */
	said = $state('');
	#before: Ordered[] = [];
	#start = 0;
	#desk: () => CourseDesk;
	#onMoved: OnMoved;

	constructor(desk: () => CourseDesk, onMoved: OnMoved) {
		this.#desk = desk;
		this.#onMoved = onMoved;
	}

	lift(id: string): void {
		this.id = id;
		this.#before = this.#desk().sections;
		this.said = t().editor.lifted(this.#titleOf(id), this.#placeOf(id));
	}

	/** One step; true when there was room for it. */
	step(by: -1 | 1): boolean {
		if (!this.id) return false;
		const next = stepped(this.#desk().sections, this.id, by);
		if (next) this.#desk().sections = next;
		this.said = this.#placeOf(this.id);
		return !!next;
	}

	async drop(): Promise<void> {
		const id = this.id;
		if (!id) return;
		const [before, after] = [this.#before, this.#desk().sections];
		this.said = t().editor.dropped(this.#titleOf(id), this.#placeOf(id));
		this.#letGo();
		await this.#keep(id, before, after);
	}

	putBack(): void {
		if (!this.id) return;
		this.#desk().sections = this.#before;
		this.said = t().editor.returned(this.#titleOf(this.id));
		this.#letGo();
	}

	/** One step without lifting, by the arrows of a row. */
	async nudge(id: string, by: -1 | 1): Promise<void> {
		const before = this.#desk().sections;
		const next = stepped(before, id, by);
		if (!next) return;
		this.#desk().sections = next;
		this.said = `${this.#titleOf(id)}. ${this.#placeOf(id)}`;
		await this.#keep(id, before, next);
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
		const row = under.map((one) => one.closest<HTMLElement>('[data-content]')).find((one) => one && one.dataset.content !== this.id);
		if (row?.dataset.content) {
			const box = row.getBoundingClientRect();
			this.target = { content: row.dataset.content, section: -1, after: event.clientY > box.top + box.height / 2 };
			return;
		}
		const section = under.map((one) => one.closest<HTMLElement>('[data-section]')).find(Boolean);
		if (section) this.target = { content: null, section: Number(section.dataset.section), after: true };
	}

	async #dropOnTarget(): Promise<void> {
		const { id, target } = this;
		const sections = this.#desk().sections;
		if (id && target) {
			const spot = target.content ? spotBeside(sections, id, target.content, target.after) : { section: target.section, index: Number.MAX_SAFE_INTEGER };
			if (spot) this.#desk().sections = moved(sections, id, spot);
		}
		await this.drop();
	}

	#letGo(): void {
		this.id = null;
		this.byPointer = false;
		this.offset = 0;
		this.target = null;
	}

	async #keep(id: string, before: Ordered[], after: Ordered[]): Promise<void> {
		const [was, is] = [spotOf(before, id), spotOf(after, id)];
		if (!is || (was?.section === is.section && was.index === is.index)) return;
		const title = this.#titleOf(id);
		const kept = await this.#desk().arrange(after);
		if (kept) this.#onMoved(title, numberOf(after, is), () => void this.#desk().arrange(before));
	}

	#titleOf(id: string): string {
		return this.#desk().sections.flatMap((section) => section.contents).find((content) => content.id === id)?.title ?? '';
	}

	#placeOf(id: string): string {
		const sections = this.#desk().sections;
		const spot = spotOf(sections, id);
		const section = spot && sections[spot.section];
		return spot && section ? t().editor.place(spot.index + 1, section.contents.length, section.title || t().editor.untitled) : '';
	}
}
