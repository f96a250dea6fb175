import type { Content, CourseSummary } from '#lib/api/types.ts';
import { clock, fileSize, minutesOf } from '#lib/words/format.ts';
import { t } from '#lib/words/words.svelte.ts';

type Timed = Pick<Content, 'duration'>;

/** How long a content is, as its row says it: a time, pages, or the size of a file. */
export function lengthOf(content: Content): string {
	if (content.duration) return clock(content.duration);
	const { pages } = content.metadata;
	if (pages && pages > 1) return t().pages(pages);
	if (content.type === 'file' && content.file_size) return fileSize(content.file_size);
	return '';
}

type Summed = Pick<CourseSummary, 'duration' | 'content_count'> & { sections?: readonly { contents: readonly Timed[] }[] };

/** Of a course that is mostly read, a film or two hardly bring it to so many for each lesson. */
const MINUTES_A_LESSON = 3;

/**
 * How much a course is: its time, or its lessons where most of them are read and the time of a clip or two would mislead.
 * Where its lessons are not at hand its minutes for each have to tell; in doubt the count, that is never wrong.
 */
export function courseLength({ duration, content_count: count, sections }: Summed): string {
	if (sections) return sectionLength({ contents: sections.flatMap(({ contents }) => contents) });
	return duration && duration >= count * MINUTES_A_LESSON ? t().span(duration) : t().course.lessons(count);
}

/** The same for a section. */
export function sectionLength({ contents }: { contents: readonly Timed[] }): string {
	const seconds = contents.reduce((sum, content) => sum + (content.duration ?? 0), 0);
	return isMostlyTimed(contents) ? t().span(minutesOf(seconds)) : t().course.lessons(contents.length);
}

export function isMostlyTimed(contents: readonly Timed[]): boolean {
	return contents.filter(({ duration }) => duration).length * 2 > contents.length;
}

/** True for what is read page by page rather than played. */
export function isPaged(content: Content): boolean {
	return content.type === 'document' || content.type === 'presentation';
}
