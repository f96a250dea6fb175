import { request, requestWithHeaders } from '#lib/api/request.ts';
import type { CourseWithNotes, Note, NoteDraft, PlacedNote } from '#lib/api/types.ts';

export interface Wanted {
	q?: string;
	course_id?: string;
	content_id?: string;
	skip?: number;
	limit?: number;
}

export interface Found {
	notes: PlacedNote[];
	total: number;
}

export const MOST = 100;

export async function findNotes(wanted: Wanted, signal?: AbortSignal): Promise<Found> {
	const { body, headers } = await requestWithHeaders<PlacedNote[]>('GET', '/notes', { query: { ...wanted }, signal });
	return { notes: body, total: Math.max(Number(headers.get('X-Total-Count')) || 0, body.length) };
}

export function coursesWithNotes(): Promise<CourseWithNotes[]> {
	return request<CourseWithNotes[]>('GET', '/notes/courses');
}

export function addNote(draft: NoteDraft): Promise<Note> {
	return request<Note>('POST', '/notes', { body: draft });
}

/** The same note with other words; its place stays. */
export function changeNote(note: Note, content: string): Promise<Note> {
	return request<Note>('PUT', `/notes/${note.id}`, { body: { ...draftOf(note), content } });
}

export function removeNote(note: Note): Promise<void> {
	return request('DELETE', `/notes/${note.id}`);
}

export function draftOf({ course_id, content_id, title, content, at }: Note): NoteDraft {
	return { course_id, content_id, title, content, at };
}

export function exportPath(courseId: string): string {
	return `/api/v1/courses/${courseId}/notes/export`;
}
