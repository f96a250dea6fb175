import type { Content } from '#lib/api/types.ts';
import type { CourseState } from '#lib/courses/course-state.svelte.ts';
import { joinSeconds, reporter } from './reporter.svelte.ts';

/** Says by hand that a content is done or not; shown at once, sent when it can be. */
export function markByHand(state: CourseState, content: Content, completed: boolean): void {
	const known = state.of(content.id);
	if (known) state.apply({ ...known, completed });
	void reporter.report(content.id, { completed }, joinSeconds);
}
