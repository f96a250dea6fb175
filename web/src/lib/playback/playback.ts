import { visitor } from '#lib/accounts/session.svelte.ts';
import { request } from '#lib/api/request.ts';
import type { Content, Playback } from '#lib/api/types.ts';
import { contentsOf } from '#lib/courses/catalogue.ts';
import { askCourseAhead } from '#lib/courses/course-state.svelte.ts';
import { isTimed } from '#lib/notes/places.ts';

let ahead: { id: string; answer: Promise<Playback> } | undefined;

/** Signed addresses of what can be played of a content. */
export function getPlayback(contentId: string): Promise<Playback> {
	return request<Playback>('GET', `/contents/${contentId}/playback`);
}

/** The first answer that a lesson is drawn from; its player comes meanwhile. */
export function openPlayback(content: Content): Promise<Playback> {
	const asked = ahead?.id === content.id ? ahead.answer : undefined;
	ahead = undefined;
	return asked ?? askWithPlayer(content);
}

/** Asks for what a lesson is drawn from before its page stands: for the course, and for this where the visitor may have it. */
export async function askLessonAhead(courseId: string, contentId: string): Promise<void> {
	if (!visitor.known) await visitor.open();
	if (!visitor.known || visitor.shutOut) return; // the page shows them the door
	const state = await askCourseAhead(courseId);
	const content = contentsOf(state.course).find((one) => one.id === contentId);
	if (content?.status !== 'ready' || !state.mayOpen(content)) return;
	const answer = askWithPlayer(content);
	answer.catch(() => undefined); // the lesson will say so
	ahead = { id: content.id, answer };
}

function askWithPlayer(content: Content): Promise<Playback> {
	const answer = getPlayback(content.id);
	if (isTimed(content.type)) import('./player/MediaLesson.svelte').catch(() => undefined);
	return answer;
}
