import { request } from '#lib/api/request.ts';
import type { CourseSummary, Dashboard } from '#lib/api/types.ts';
import { findCourses } from '#lib/courses/catalogue.ts';

export interface HomeFacts {
	dashboard: Dashboard;
	/** what is new and not on the shelf */
	fresh: CourseSummary[];
}

const NEWEST = 3;

export async function getHome(): Promise<HomeFacts> {
	const [dashboard, found] = await Promise.all([
		request<Dashboard>('GET', '/dashboard'),
		findCourses({}).catch(() => ({ courses: [], total: 0 }))
	]);
	const mine = new Set(dashboard.courses.map(({ course }) => course.id));
	const fresh = found.courses.filter((course) => !mine.has(course.id) && course.status === 'published');
	return { dashboard, fresh: fresh.slice(0, NEWEST) };
}
