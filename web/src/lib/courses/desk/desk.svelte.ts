import { asProblem, type Problem } from '#lib/api/problem.ts';
import { requestWithHeaders } from '#lib/api/request.ts';
import type { Course, CourseStatus, Difficulty } from '#lib/api/types.ts';
import { orderBody, orderedOf, type Ordered } from './order.ts';

export interface CourseFields {
	title: string;
	description: string;
	instructor: string;
	difficulty: Difficulty;
	category: string;
	completion_threshold: number;
	status: CourseStatus;
	thumbnail_url: null;
}

/** A course as an admin works on it. Every write says what it believes to replace, and one waits for the other. */
export class CourseDesk {
	course = $state.raw<Course>() as Course;
	/** as it is being arranged: the course's own until a hand moves something */
	sections = $state.raw<Ordered[]>([]);
	problem = $state.raw<Problem | null>(null);
	/** somebody else was faster: what is shown is theirs */
	overtaken = $state(false);
	#etag: string | null = null;
	#last: Promise<unknown> = Promise.resolve();
	#waiting = 0;

	static async open(id: string): Promise<CourseDesk> {
		const desk = new CourseDesk();
		await desk.#read(id);
		return desk;
	}

	/** Takes an order at once, and keeps it in the box. */
	arrange(sections: Ordered[]): Promise<boolean> {
		this.sections = sections;
		return this.#write('PUT', `/courses/${this.course.id}/order`, orderBody(sections));
	}

	change(fields: Partial<CourseFields>): Promise<boolean> {
		return this.#write('PATCH', `/courses/${this.course.id}`, fields);
	}

	/** As the box has it now; what waits to be written goes first. */
	reload = (): Promise<void> => this.#next(() => this.#read(this.course.id));

	/** Reads anew unless something is under way: for looking now and then. */
	async refresh(): Promise<void> {
		if (this.#waiting === 0) await this.reload().catch(() => undefined);
	}

	async #read(id: string): Promise<void> {
		const answer = await requestWithHeaders<Course>('GET', `/courses/${id}`);
		this.#take(answer.body, answer.headers);
	}

	#write(method: string, path: string, body: unknown): Promise<boolean> {
		return this.#next(async () => {
			try {
				const answer = await requestWithHeaders<Course>(method, path, { body, ifMatch: this.#etag });
				this.problem = null;
				this.overtaken = false;
				this.#take(answer.body, answer.headers);
				return true;
			} catch (thrown) {
				await this.#recover(asProblem(thrown));
				return false;
			}
		});
	}

	/** What could not be written because somebody was faster is not forced on them. */
	async #recover(problem: Problem): Promise<void> {
		this.problem = problem.status === 412 ? null : problem;
		this.overtaken = problem.status === 412;
		const isOld = problem.status === 412 || problem.code === 'incomplete_order' || problem.code === 'unknown_section';
		if (isOld) await this.#read(this.course.id).catch(() => undefined);
	}

	#take(course: Course, headers: Headers): void {
		this.course = course;
		this.#etag = headers.get('ETag');
		if (this.#waiting <= 1) this.sections = orderedOf(course.sections);
	}

	#next<T>(what: () => Promise<T>): Promise<T> {
		this.#waiting++;
		const turn = this.#last.then(what).finally(() => this.#waiting--);
		this.#last = turn.catch(() => undefined);
		return turn;
	}
}
