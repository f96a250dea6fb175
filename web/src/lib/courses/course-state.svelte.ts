import { untrack } from 'svelte';
import { visitor } from '#lib/accounts/session.svelte.ts';
import { request } from '#lib/api/request.ts';
import type { Content, Course, CourseProgress, Progress } from '#lib/api/types.ts';
import { reporter } from '#lib/learning/reporter.svelte.ts';
import { minutesOf } from '#lib/words/format.ts';
import { contentsOf, getCourse } from './catalogue.ts';
import { isMostlyTimed } from './lengths.ts';

/** A course as this visitor meets it: its contents, and how far they are. */
export class CourseState {
	course = $state.raw<Course>() as Course;
	/** null for those who are not enrolled */
	progress = $state.raw<CourseProgress | null>(null);

	constructor(course: Course) {
		this.course = course;
	}

	get enrolled(): boolean {
		return visitor.isEnrolled(this.course.id);
	}

	mayOpen(content: Content): boolean {
		return this.enrolled || visitor.isAdmin || content.is_preview;
	}

	#byId = $derived<Record<string, Progress>>(Object.fromEntries(this.progress?.contents.map((one) => [one.content_id, one]) ?? []));

	of(contentId: string): Progress | undefined {
		return this.#byId[contentId];
	}

	get done(): number {
		return this.progress?.contents.filter((one) => one.completed).length ?? 0;
	}

	/** Where to go on: the last touched of what is begun, else the first that is not done; nobody is sent to what could not be made ready. */
	get next(): Content | undefined {
		const ahead = contentsOf(this.course).filter((content) => content.status !== 'failed' && !this.of(content.id)?.completed);
		const touched = (content: Content): string => this.of(content.id)?.updated_at ?? '';
		const begun = ahead.filter(touched);
		return begun.toSorted((a, b) => touched(b).localeCompare(touched(a)))[0] ?? ahead[0];
	}

	/** Minutes of video and sound that are left; none where most of what is left is read. */
	get minutesLeft(): number {
		const left = contentsOf(this.course).filter((content) => !this.of(content.id)?.completed);
		if (!isMostlyTimed(left)) return 0;
		return minutesOf(left.reduce((sum, content) => sum + secondsLeftOf(content, this.of(content.id)), 0));
	}

	async loadProgress(): Promise<void> {
		this.progress = this.enrolled ? await progressIn(this.course.id) : null;
	}

	/** Takes what the box answered to a report. */
	apply(progress: Progress): void {
		if (!this.progress?.contents.some((one) => one.content_id === progress.content_id)) return;
		const contents = this.progress.contents.map((one) => (one.content_id === progress.content_id ? progress : one));
		const sum = contents.reduce((total, one) => total + (one.completed ? 100 : one.progress_percentage), 0);
		this.progress = {
			...this.progress,
			contents,
			completed: contents.every((one) => one.completed),
			progress_percentage: contents.length ? Math.round((sum / contents.length) * 10) / 10 : 0
		};
	}
}

export function secondsLeftOf(content: Content, progress: Progress | undefined): number {
	if (!content.duration || progress?.completed) return 0;
	return (content.duration * (100 - (progress?.progress_percentage ?? 0))) / 100;
}

function progressIn(courseId: string): Promise<CourseProgress> {
	return request<CourseProgress>('GET', `/courses/${courseId}/progress`);
}

/** A course that is being opened: `course` comes first, `whole` when the progress has come as well. */
interface Opening {
	id: string;
	course: Promise<CourseState>;
	whole: Promise<CourseState>;
}

let current: CourseState | undefined;
let ahead: Opening | undefined;
reporter.onConfirmed((progress) => current?.apply(progress));

/** Asks what the page of a lesson will ask, before it is drawn; resolves while the progress is still on its way. */
export async function askCourseAhead(id: string): Promise<CourseState> {
	if (current?.course.id === id) return current;
	ahead = begin(id);
	return ahead.course;
}

/** The course with the visitor's progress. Where not a `fresh` one is wished, only the progress is asked again from lesson to lesson. */
export async function openCourse(id: string, fresh = true): Promise<CourseState> {
	const asked = !fresh && ahead?.id === id ? ahead : undefined;
	ahead = undefined;
	if (!fresh && !asked && current?.course.id === id) {
		void current.loadProgress().catch(() => undefined); // the old one stays good enough
		return current;
	}
	current = await (asked ?? begin(id)).whole;
	return current;
}

function begin(id: string): Opening {
	const shelf = visitor.open();
	// what is learned of the visitor later must not ask for the course once more
	const { enrolled, known } = untrack(() => ({ enrolled: visitor.isEnrolled(id), known: visitor.shelfKnown }));
	const early = enrolled ? progressIn(id).catch(() => null) : null;
	const course = Promise.all([getCourse(id), known ? null : shelf]).then(([found]) => {
		if (!visitor.shelfKnown && visitor.problem) throw visitor.problem;
		return new CourseState(found);
	});
	const whole = course.then(async (state) => {
		state.progress = await early;
		if (!state.progress) await state.loadProgress();
		void shelf.then(() => (state.enrolled && !state.progress ? state.loadProgress() : undefined)).catch(() => undefined);
		return state;
	});
	whole.catch(() => undefined); // the page that opens it says so
	return { id, course, whole };
}
