import { asProblem, type Problem } from '#lib/api/problem.ts';
import { request } from '#lib/api/request.ts';
import type { FolderImport, FolderImportPage, FolderPlan } from '#lib/api/types.ts';
import { announce } from './coming.ts';
import type { Dropped } from './dropped.ts';
import { onTheirWay } from './on-their-way.ts';
import type { Target } from './own-folder.ts';
import { editable, ofWhatIsHere, pathsToSend, wishesOf, withWishes, type EditedPlan } from './plan.ts';
import { uploads } from './uploads.svelte.ts';
import { findWanted, forgetWanted, keepWanted, type WantedFolder } from './wanted.ts';

const LOOK = 1_000;
/** Says how the course is to be, so the box has to have it before it plans anything. */
const COURSE_FILE = 'course.toml';

/** A folder to look at; null where several things were dropped at once. */
interface Looked {
	name: string;
	folder: string | null;
	files: readonly Dropped[];
}

/** The way of an import that is being sent from this window, or a fresh one. */
export function wayOf(id: string | null, target: Target | null): FolderWay {
	return (id !== null && onTheirWay.get(id)) || new FolderWay(target);
}

/** A folder on its way to be a course: announced, planned, changed by hand, sent, made. */
export class FolderWay {
	import = $state.raw<FolderImportPage | FolderImport | null>(null);
	planned = $state.raw<FolderPlan | null>(null);
	edited = $state<EditedPlan | null>(null);
	problem = $state.raw<Problem | null>(null);
	working = $state(false);
	publish = $state(false);
	/** the folder is the course's own: it brings the course up to date instead of adding to it */
	whole = $state(false);
	/** the files in hand, sent or not */
	files = $state.raw<readonly Dropped[]>([]);
	readonly target: Target | null;
	#ended = false;

	constructor(target: Target | null) {
		this.target = target;
	}

	/** What the course has and the folder has not stays there. */
	get adds(): boolean {
		return this.target !== null && !this.whole;
	}

	/** What has to go, once the plan is as wanted. */
	get toSend(): Dropped[] {
		const { planned, edited } = this;
		if (!planned || !edited) return [];
		const needed = pathsToSend(planned, edited, this.files.map((one) => one.path));
		const there = this.#there;
		return this.files.filter((one) => needed.has(one.path) && there[one.path] !== one.file.size);
	}

	/** Goes on with one that was begun before, as the box knows it. */
	async open(id: string): Promise<void> {
		this.#ended = false;
		await this.#try(async () => {
			this.import = await request<FolderImportPage>('GET', `/imports/${id}`);
			if (this.import.status === 'applying') await this.#follow();
		});
	}

	/** Plans a folder before it is sent; one of the same name that was begun is gone on with, as it was. */
	async look({ name, folder, files }: Looked, whole: boolean): Promise<string | null> {
		await this.#try(async () => {
			this.planned = this.edited = null;
			this.import = await this.#begin(name);
			this.whole = findWanted(this.#id)?.whole ?? whole;
			this.files = files.map(({ path, file }) => ({ path: this.adds && folder ? `${folder}/${path}` : path, file })); // what is added stands in the course's own folder, as a section
			await this.#sendCourseFile();
			await this.#plan();
		});
		return this.import?.id ?? null;
	}

	/** Sends what is not there yet; the course is made when all of it is. */
	send(): void {
		const id = this.#id;
		this.keep();
		const missing = this.toSend;
		onTheirWay.set(id, this);
		let open = missing.length;
		const onDone = (): void => { if (!--open) void this.apply(); };
		uploads.add(missing.map(({ file, path }) => ({ file, name: path, title: '', where: { folder: id, path }, onDone })));
		if (!open) void this.apply();
	}

	/** Makes the course of what has arrived: a file that was given up on the way is not waited for. */
	async apply(): Promise<void> {
		await this.#try(async () => {
			this.import = await request<FolderImportPage>('GET', `/imports/${this.#id}`);
			const { plan, publish } = this.#wanted;
			const body = { plan: ofWhatIsHere(plan, Object.keys(this.#there)), publish, keep: this.adds };
			this.import = await request<FolderImport>('POST', `/imports/${this.#id}/apply`, { body });
			forgetWanted(this.#id);
			onTheirWay.delete(this.#id);
			await this.#follow();
		});
	}

	async forget(): Promise<void> {
		const id = this.import?.id;
		this.#ended = true;
		this.edited = null;
		for (const one of id ? uploads.of(id) : []) void uploads.giveUp(one);
		if (!id) return;
		forgetWanted(id);
		onTheirWay.delete(id);
		await request('DELETE', `/imports/${id}`).catch(() => undefined);
	}

	/** For the next visit: what was changed in the plan. */
	keep(): void {
		if (this.edited && this.import && isOpen(this.import)) keepWanted(this.#id, this.#wanted);
	}

	close(): void {
		this.keep();
		this.#ended = true;
	}

	get #id(): string {
		return this.import?.id ?? '';
	}

	/** As it stands on the page, else as it was left. */
	get #wanted(): WantedFolder {
		if (this.edited) return { plan: wishesOf(this.edited), publish: this.publish, whole: this.whole };
		return findWanted(this.#id) ?? { plan: { ignore: [], sections: [] }, publish: this.publish };
	}

	/** Sizes of what the box has, by path. */
	get #there(): Partial<Record<string, number>> {
		const files = this.import && 'files' in this.import ? this.import.files : [];
		return Object.fromEntries(files.map((file) => [file.path, file.size]));
	}

	async #begin(name: string): Promise<FolderImportPage> {
		const course = this.target?.id ?? null;
		const mine = this.import && isOpen(this.import) ? [this.import] : await request<FolderImport[]>('GET', '/imports');
		const begun = mine.find((one) => isOpen(one) && one.name === name && one.course_id === course);
		return begun ? await request<FolderImportPage>('GET', `/imports/${begun.id}`) : await request<FolderImportPage>('POST', '/imports', { body: { name, ...(course ? { course_id: course } : {}) } });
	}

	async #sendCourseFile(): Promise<void> {
		const said = this.files.find((one) => one.path === COURSE_FILE);
		if (!said || this.#there[said.path] === said.file.size) return;
		const body = new FormData();
		body.append('path', said.path);
		body.append('file', said.file);
		await request('POST', `/imports/${this.#id}/files`, { body });
		this.import = await request<FolderImportPage>('GET', `/imports/${this.#id}`);
	}

	async #plan(): Promise<void> {
		const body = { coming: await announce(this.files), keep: this.adds };
		this.planned = await request<FolderPlan>('POST', `/imports/${this.#id}/plan`, { body });
		const kept = findWanted(this.#id);
		this.publish = kept?.publish ?? this.publish;
		const plan = editable(this.planned);
		if (this.target && this.whole) plan.title = this.target.title; // a copy may be called otherwise
		this.edited = kept ? withWishes(plan, kept.plan) : plan;
	}

	/** Looks on while the course is being made. */
	async #follow(): Promise<void> {
		while (!this.#ended && this.import?.status === 'applying') {
			await new Promise((resolve) => setTimeout(resolve, LOOK));
			this.import = await request<FolderImportPage>('GET', `/imports/${this.#id}`).catch(() => this.import);
		}
	}

	async #try(what: () => Promise<void>): Promise<void> {
		this.working = true;
		this.problem = null;
		try {
			await what();
		} catch (thrown) {
			this.problem = asProblem(thrown);
		} finally {
			this.working = false;
		}
	}
}

/** It takes files and wishes: nothing was made of it yet, or not with success. */
function isOpen({ status }: FolderImport): boolean {
	return status === 'open' || status === 'failed';
}
