import { request, requestWithHeaders } from '#lib/api/request.ts';
import type { Content, Course, CourseSummary } from '#lib/api/types.ts';
import { FIRST_PAGE } from './first-page.ts';

export interface Wanted {
	q?: string;
	difficulty?: string;
	category?: string;
	sort?: string;
	skip?: number;
}

export interface Found {
	courses: CourseSummary[];
	total: number;
}

export async function findCourses(wanted: Wanted, signal?: AbortSignal): Promise<Found> {
	const query = { ...wanted, sort: wanted.sort || FIRST_PAGE.sort, limit: FIRST_PAGE.limit };
	const { body, headers } = await requestWithHeaders<CourseSummary[]>('GET', '/courses', { query, signal });
	const total = Number(headers.get('X-Total-Count'));
	return { courses: body, total: Math.max(total || 0, body.length) };
}

export function getCourse(id: string): Promise<Course> {
	return request<Course>('GET', `/courses/${encodeURIComponent(id)}`);
}

/** All contents of a course in the order in which they are read. */
export function contentsOf(course: Course): Content[] {
	return course.sections.flatMap((section) => section.contents);
}

export function lessonPath(content: Pick<Content, 'id' | 'course_id'>): string {
	return `/courses/${content.course_id}/contents/${content.id}`;
}
