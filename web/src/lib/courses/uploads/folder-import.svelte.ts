import { asProblem, type Problem } from '#lib/api/problem.ts';
import { request } from '#lib/api/request.ts';
import type { FolderImport, FolderImportPage, FolderPlan } from '#lib/api/types.ts';
import type { Choice } from './choice.ts';
import { editable, wishesOf, type EditedPlan } from './plan.ts';
import { uploads } from './uploads.svelte.ts';

const LOOK = 1_000;

/** A folder on its way to be a course: gathered, planned, changed by hand, made. */
export class FolderWay {
	import = $state.raw<FolderImportPage | FolderImport | null>(null);
	planned = $state.raw<FolderPlan | null>(null);
	edited = $state<EditedPlan | null>(null);
	problem = $state.raw<Problem | null>(null);
	working = $state(false);
	#ended = false;

	/** Goes on with one that was begun before, as the box knows it. */
	async open(id: string): Promise<void> {
		await this.#try(async () => {
			const found = await request<FolderImportPage>('GET', `/imports/${id}`);
			this.import = found;
			if (found.status === 'applying') await this.#follow();
			else if (found.status === 'open' && found.files.length && !uploads.of(id).length) await this.plan();
		});
	}

	/** Sends what is not there yet; a folder of the same name that was begun is gone on with. */
	async send(name: string, choices: readonly Choice[]): Promise<string | null> {
		await this.#try(async () => {
			const mine = this.import?.status === 'open' ? [this.import] : await request<FolderImport[]>('GET', '/imports');
			const begun = mine.find((one) => one.status === 'open' && one.name === name && one.course_id === null);
			const found = begun ? await request<FolderImportPage>('GET', `/imports/${begun.id}`) : await request<FolderImportPage>('POST', '/imports', { body: { name } });
			this.import = found;
			this.planned = this.edited = null;
			const there: Partial<Record<string, number>> = Object.fromEntries(found.files.map((file) => [file.path, file.size]));
			const missing = choices.filter((one) => there[one.path] !== one.file.size);
			uploads.add(missing.map(({ file, path }) => ({ file, name: path, title: '', where: { folder: found.id, path } })));
			if (!missing.length) await this.plan();
		});
		return this.import?.id ?? null;
	}

	plan = (): Promise<void> =>
		this.#try(async () => {
			this.planned = await request<FolderPlan>('GET', `/imports/${this.#id}/plan`);
			this.edited = editable(this.planned);
		});

	async apply(publish: boolean): Promise<void> {
		const plan = this.edited;
		if (!plan) return;
		await this.#try(async () => {
			this.import = await request<FolderImport>('POST', `/imports/${this.#id}/apply`, { body: { plan: wishesOf(plan), publish } });
			await this.#follow();
		});
	}

	async forget(): Promise<void> {
		const id = this.import?.id;
		this.#ended = true;
		for (const one of id ? uploads.of(id) : []) void uploads.giveUp(one);
		if (id) await request('DELETE', `/imports/${id}`).catch(() => undefined);
	}

	close(): void {
		this.#ended = true;
	}

	get #id(): string {
		return this.import?.id ?? '';
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
