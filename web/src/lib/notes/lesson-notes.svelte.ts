import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { Content, Note } from '#lib/api/types.ts';
import { whenIdle } from '#lib/ui/gradual.svelte.ts';
import { toasts } from '#lib/ui/toast.svelte.ts';
import { t } from '#lib/words/words.svelte.ts';
import { addNote, changeNote, draftOf, findNotes, MOST, removeNote } from './notes.ts';

/** A learner's notes at one lesson, in the order of their places. */
export class LessonNotes {
	all = $state.raw<Note[]>([]);
	loading = $state(true);
	problem = $state.raw<Problem | null>(null);
	readonly content: Content;

	constructor(content: Content) {
		this.content = content;
		whenIdle(() => void this.load()); // the lesson itself comes first
	}

	load = async (): Promise<void> => {
		this.loading = true;
		try {
			this.all = inOrder((await findNotes({ content_id: this.content.id, limit: MOST })).notes);
			this.problem = null;
		} catch (thrown) {
			this.problem = asProblem(thrown);
		} finally {
			this.loading = false;
		}
	};

	async add(text: string, at: number | null): Promise<void> {
		const note = await addNote({ course_id: this.content.course_id, content_id: this.content.id, title: '', content: text, at });
		this.all = inOrder([...this.all, note]);
	}

	change = async (note: Note, text: string): Promise<void> => {
		const changed = await changeNote(note, text);
		this.all = this.all.map((one) => (one.id === note.id ? changed : one));
	};

	remove = async (note: Note): Promise<void> => {
		await removeNote(note);
		this.all = this.all.filter((one) => one.id !== note.id);
		toasts.say(t().notes.removed, () => void this.#bringBack(note));
	};

	async #bringBack(note: Note): Promise<void> {
		this.all = inOrder([...this.all, await addNote(draftOf(note))]);
	}
}

/** By place; what has none comes first, and of one place the older. */
export function inOrder<N extends Pick<Note, 'at' | 'created_at'>>(notes: N[]): N[] {
	return notes.toSorted((a, b) => (a.at ?? -1) - (b.at ?? -1) || a.created_at.localeCompare(b.created_at));
}
