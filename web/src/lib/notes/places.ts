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

/** What a note's field asks for: a note at 14:07, or on page 31. */
export function fieldWords(type: Kind, at: number | null): string {
	if (at === null) return t().notes.field;
	return isTimed(type) ? t().notes.fieldAt(clock(at)) : t().notes.fieldOn(Math.floor(at));
}

/** The address of the second or page that a note was written at. */
export function notePath(note: Pick<Note, 'course_id' | 'content_id' | 'at'>): string {
	if (!note.content_id) return `/courses/${note.course_id}`;
	const path = lessonPath({ id: note.content_id, course_id: note.course_id });
	return note.at === null ? path : `${path}?at=${String(note.at)}`;
}

/** The words of a note without the signs of Markdown, for where it is only named. */
export function plainWords(content: string): string {
	return content
		.replace(/^\s*(?:[#>]+|[-*+]|\d+\.)\s+/gm, '')
		.replace(/(\*\*|__|~~|`+)(.+?)\1/g, '$2')
		.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/\n{2,}/g, '\n')
		.trim();
}
