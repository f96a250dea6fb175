import { Problem } from '#lib/api/problem.ts';
import { request, whenSignedOut } from '#lib/api/request.ts';
import type { Enrollment, Session, Site, User } from '#lib/api/types.ts';
import { recall, remember } from './remembered.ts';

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
	/** somebody, or surely nobody; what was remembered counts until the box has answered */
	known = $state(false);
	/** what is on their shelf as well */
	shelfKnown = $state(false);
	/** the box itself has said it */
	settled = $state(false);
	#opening: Promise<void> | undefined;

	constructor() {
		const last = recall(localStorage);
		if (!last) return;
		this.user = last.user;
		this.site = last.site;
		this.enrolled = new Set(last.enrolled);
		this.known = this.shelfKnown = true;
	}

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

	async signOut(everywhere = false): Promise<void> {
		await request('POST', '/auth/logout', { query: everywhere ? { everywhere: 'true' } : {} });
		this.forget();
	}

	/** Takes what the box answered to a change of name or picture. */
	become(user: User): void {
		this.user = user;
		this.#remember();
	}

	forget(): void {
		this.user = null;
		this.enrolled = new Set();
		this.#opening = undefined;
		remember(localStorage, null);
	}

	async enroll(courseId: string): Promise<void> {
		await request<Enrollment>('POST', `/courses/${courseId}/enrollment`);
		this.enrolled = new Set([...this.enrolled, courseId]);
		this.#remember();
	}

	async leave(courseId: string): Promise<void> {
		await request('DELETE', `/courses/${courseId}/enrollment`);
		this.enrolled = new Set([...this.enrolled].filter((id) => id !== courseId));
		this.#remember();
	}

	async #ask(): Promise<void> {
		try {
			const early = this.user ? enrollmentsOf() : undefined; // asked along when somebody was here last
			early?.catch(() => undefined);
			const [session, site] = await Promise.all([
				request<Session>('GET', '/auth/session'),
				request<Site>('GET', '/site').catch(() => this.site)
			]);
			this.site = site;
			this.#meet(session.user);
			const enrollments = session.user ? await (early ?? enrollmentsOf()) : [];
			this.enrolled = new Set(enrollments.map((enrollment) => enrollment.course_id));
			this.problem = null;
			this.shelfKnown = this.settled = true;
			this.#remember();
		} catch (thrown) {
			this.problem = thrown instanceof Problem ? thrown : null;
			this.#opening = undefined;
			window.addEventListener('online', () => void this.open(), { once: true });
		}
	}

	/** From here on the page asks for its own things, while the shelf is on its way. */
	#meet(user: User | null): void {
		if (user?.id !== this.user?.id) {
			this.enrolled = new Set();
			this.shelfKnown = false;
		}
		this.user = user;
		this.known = true;
	}

	#remember(): void {
		remember(localStorage, { user: this.user, site: this.site, enrolled: [...this.enrolled] });
	}
}

function enrollmentsOf(): Promise<Enrollment[]> {
	return request<Enrollment[]>('GET', '/enrollments');
}

export const visitor = new Visitor();
whenSignedOut(() => {
	visitor.forget();
});
