import { Problem } from '#lib/api/problem.ts';
import { request, whenSignedOut } from '#lib/api/request.ts';
import type { Enrollment, Session, Site, User } from '#lib/api/types.ts';

export interface NewAccount {
	email: string;
	name: string;
	password: string;
}

export interface LinkSpending {
	token: string;
	password?: string;
	name?: string;
	email?: string;
}

/** Who is here, and what is open to them. */
class Visitor {
	user = $state.raw<User | null>(null);
	site = $state.raw<Site>({ name: 'lms_box', registration: 'closed', public_catalogue: true });
	/** ids of the courses on the visitor's shelf */
	enrolled = $state.raw<ReadonlySet<string>>(new Set());
	problem = $state.raw<Problem | null>(null);
	#opening: Promise<void> | undefined;

	/** Settles who is here; every page waits for it, only the first one asks. */
	open(): Promise<void> {
		this.#opening ??= this.#ask();
		return this.#opening;
	}

	async reopen(): Promise<void> {
		this.#opening = undefined;
		await this.open();
	}

	get isAdmin(): boolean {
		return this.user?.role === 'admin';
	}

	/** True where the catalogue may not be seen without signing in. */
	get shutOut(): boolean {
		return !this.user && !this.site.public_catalogue;
	}

	isEnrolled(courseId: string): boolean {
		return this.enrolled.has(courseId);
	}

	async signIn(email: string, password: string): Promise<void> {
		await request('POST', '/auth/login', { body: { email, password } });
		await this.reopen();
	}

	async register(account: NewAccount): Promise<void> {
		await request('POST', '/auth/register', { body: account });
		await this.signIn(account.email, account.password);
	}

	async spendLink(spending: LinkSpending): Promise<void> {
		await request('POST', '/auth/link', { body: spending });
		await this.reopen();
	}

	async signOut(): Promise<void> {
		await request('POST', '/auth/logout');
		this.forget();
	}

	forget(): void {
		this.user = null;
		this.enrolled = new Set();
		this.#opening = undefined;
	}

	async enroll(courseId: string): Promise<void> {
		await request<Enrollment>('POST', `/courses/${courseId}/enrollment`);
		this.enrolled = new Set([...this.enrolled, courseId]);
	}

	async leave(courseId: string): Promise<void> {
		await request('DELETE', `/courses/${courseId}/enrollment`);
		this.enrolled = new Set([...this.enrolled].filter((id) => id !== courseId));
	}

	async #ask(): Promise<void> {
		try {
			const [session, site] = await Promise.all([
				request<Session>('GET', '/auth/session'),
				request<Site>('GET', '/site').catch(() => this.site)
			]);
			this.site = site;
			const enrollments = session.user ? await request<Enrollment[]>('GET', '/enrollments') : [];
			this.enrolled = new Set(enrollments.map((enrollment) => enrollment.course_id));
			this.user = session.user;
			this.problem = null;
		} catch (thrown) {
			this.problem = thrown instanceof Problem ? thrown : null;
			this.#opening = undefined;
		}
	}
}

export const visitor = new Visitor();
whenSignedOut(() => {
	visitor.forget();
});
