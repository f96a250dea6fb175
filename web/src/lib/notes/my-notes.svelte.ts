import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { CourseWithNotes, Note, PlacedNote } from '#lib/api/types.ts';
import { toasts } from '#lib/ui/toast.svelte.ts';
import { t } from '#lib/words/words.svelte.ts';
import { addNote, changeNote, coursesWithNotes, draftOf, findNotes, removeNote, type Wanted } from './notes.ts';

const PAGE_SIZE = 40;

export interface Group {
	courseId: string;
	title: string;
	/** of all my notes of the course, when known */
	count: number;
	notes: PlacedNote[];
}

/** All that a person wrote, the newest first, as far as it was asked for. */
export class MyNotes {
	found = $state.raw<PlacedNote[]>([]);
	total = $state(0);
	loaded = $state(false);
	problem = $state.raw<Problem | null>(null);
	courses = $state.raw<CourseWithNotes[]>([]);
	#wanted: Wanted = {};

	get groups(): Group[] {
		return grouped(this.found, this.courses);
	}

	get hasMore(): boolean {
		return this.found.length < this.total;
	}

	/** For `$effect`: what is there stays until the new comes. */
	look = (wanted: Wanted): (() => void) => {
		const stop = new AbortController();
		this.#wanted = wanted;
		void this.#look(wanted, stop.signal);
		return () => { stop.abort(); };
	};

	more = async (): Promise<void> => {
		try {
			const next = await findNotes({ ...this.#wanted, skip: this.found.length, limit: PAGE_SIZE });
			this.found = [...this.found, ...next.notes.filter((note) => !this.found.some((known) => known.id === note.id))];
			this.total = next.total;
		} catch (thrown) {
			this.problem = asProblem(thrown);
		}
	};

	change = async (note: Note, text: string): Promise<void> => {
		const changed = await changeNote(note, text);
		this.found = this.found.map((one) => (one.id === note.id ? { ...one, ...changed } : one));
	};

	remove = async (note: Note): Promise<void> => {
		await removeNote(note);
		this.#count(note.course_id, -1);
		this.found = this.found.filter((one) => one.id !== note.id);
		toasts.say(t().notes.removed, () => void this.#bringBack(note));
	};

	async #bringBack(note: Note): Promise<void> {
		await addNote(draftOf(note));
		await this.#look(this.#wanted);
	}

	async #look(wanted: Wanted, signal?: AbortSignal): Promise<void> {
		try {
			const [{ notes, total }, courses] = await Promise.all([findNotes({ ...wanted, limit: PAGE_SIZE }, signal), coursesWithNotes()]);
			if (signal?.aborted) return;
			this.found = notes;
			this.total = total;
			this.courses = courses;
			this.loaded = true;
			this.problem = null;
		} catch (thrown) {
			if (!signal?.aborted) this.problem = asProblem(thrown);
		}
	}

	#count(courseId: string, change: number): void {
		this.total += change;
		this.courses = this.courses.map((one) => (one.course_id === courseId ? { ...one, count: one.count + change } : one)).filter((one) => one.count > 0);
	}
}

/** By course, the one that was last written in first. */
export function grouped(notes: readonly PlacedNote[], courses: readonly CourseWithNotes[]): Group[] {
	const groups: Group[] = [];
	for (const note of notes) {
		const group = groups.find((one) => one.courseId === note.course_id);
		if (group) group.notes.push(note);
		else {
			const count = courses.find((one) => one.course_id === note.course_id)?.count ?? 0;
			groups.push({ courseId: note.course_id, title: note.course_title, count, notes: [note] });
		}
	}
	return groups;
}
