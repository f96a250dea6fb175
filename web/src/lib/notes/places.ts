import type { Content, Note } from '#lib/api/types.ts';
import { lessonPath } from '#lib/courses/catalogue.ts';
import { clock } from '#lib/words/format.ts';
import { t } from '#lib/words/words.svelte.ts';

type Kind = Content['type'] | null;

/** True where a place is a second; elsewhere it is a page. */
export function isTimed(type: Kind): boolean {
	return type === 'video' || type === 'audio';
}

/** 14:07, or Page 31. */
export function placeWords(type: Kind, at: number): string {
	return isTimed(type) ? clock(at) : t().page(Math.floor(at));
}

/** The address of the second or page that a note was written at. */
export function notePath(note: Pick<Note, 'course_id' | 'content_id' | 'at'>): string {
	if (!note.content_id) return `/courses/${note.course_id}`;
	const path = lessonPath({ id: note.content_id, course_id: note.course_id });
	return note.at === null ? path : `${path}?at=${String(note.at)}`;
}
