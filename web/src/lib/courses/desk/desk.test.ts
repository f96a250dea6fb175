import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Course } from '#lib/api/types.ts';
import { CourseDesk } from './desk.svelte.ts';
import { sectionMoved } from './order.ts';

/** A box with one course, whose state is told by its ETag as the real one does. */
class Box {
	course = {
		id: 'c',
		title: 'Clay',
		sections: [
			{ id: 's1', title: 'One', attachments: [], contents: [{ id: 'a', title: 'A', status: 'pending', duration: null }] },
			{ id: 's2', title: 'Two', attachments: [], contents: [] }
		]
	} as unknown as Course;
	writes = 0;
	/** what happens just before a write arrives */
	before: () => void = () => undefined;

	fetch = (address: string, init: RequestInit): Promise<Response> => {
		if (init.method !== 'GET') {
			this.writes++;
			this.before();
			if (new Headers(init.headers).get('If-Match') !== this.etag) return Promise.resolve(Response.json({ code: 'changed' }, { status: 412 }));
			this.#write(address, JSON.parse(init.body as string) as { title?: string; sections?: { id: string }[] });
		}
		return Promise.resolve(Response.json(this.course, { headers: { ETag: this.etag } }));
	};

	get etag(): string {
		return `"${btoa(JSON.stringify(this.course))}"`;
	}

	#write(address: string, body: { title?: string; sections?: { id: string }[] }): void {
		const found = body.sections?.map(({ id }) => this.course.sections.find((section) => section.id === id));
		const sections = found?.filter((section) => section !== undefined) ?? this.course.sections;
		this.course = address.endsWith('/order') ? { ...this.course, sections } : { ...this.course, ...body, sections: this.course.sections };
	}
}

let box: Box;
beforeEach(() => {
	box = new Box();
	vi.stubGlobal('fetch', box.fetch);
});
afterEach(() => { vi.unstubAllGlobals(); });

const names = (desk: CourseDesk): string[] => desk.sections.map((section) => section.title);

it('names with each write the state that the one before has made', async () => {
	const desk = await CourseDesk.open('c');
	expect(await desk.arrange(sectionMoved(desk.sections, 1, -1))).toBe(true);
	expect(await desk.change({ title: 'Earthenware' })).toBe(true);
	expect([names(desk), desk.course.title, desk.overtaken]).toEqual([['Two', 'One'], 'Earthenware', false]);
});

it('does not write over what somebody else wrote', async () => {
	const desk = await CourseDesk.open('c');
	box.before = (): void => { box.course = { ...box.course, title: 'Porcelain' }; };
	expect(await desk.change({ title: 'Earthenware' })).toBe(false);
	expect([box.writes, desk.overtaken, desk.course.title]).toEqual([1, true, 'Porcelain']);
});
