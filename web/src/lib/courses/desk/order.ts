import type { Content, Section } from '#lib/api/types.ts';

/** What can be put in order. */
export interface Row {
	id: string;
	title: string;
}

/** A section as it is being arranged. */
export interface Group<R extends Row = Row> {
	/** tells sections apart on the page, also those that are still to be made */
	key: string;
	title: string;
	contents: R[];
}

/** A section of a course; one without an id is still to be made. */
export interface Ordered extends Group<Content> {
	id: string | null;
}

export interface Spot {
	section: number;
	index: number;
}

export function orderedOf(sections: readonly Section[]): Ordered[] {
	return sections.map(({ id, title, contents }) => ({ key: id, id, title, contents: [...contents] }));
}

export function spotOf(sections: readonly Group[], id: string): Spot | null {
	for (const [section, { contents }] of sections.entries()) {
		const index = contents.findIndex((row) => row.id === id);
		if (index >= 0) return { section, index };
	}
	return null;
}

/** The place among all rows, from 1, as a reader counts them. */
export function numberOf(sections: readonly Group[], id: string): number {
	return sections.flatMap(({ contents }) => contents).findIndex((row) => row.id === id) + 1;
}

/** With the row at the spot; the spot is counted without it. */
export function moved<S extends Group>(sections: readonly S[], id: string, to: Spot): S[] {
	const row = sections.flatMap(({ contents }) => contents).find((one) => one.id === id);
	if (!row) return [...sections];
	return sections.map((section, at) => {
		const contents = section.contents.filter((one) => one !== row);
		if (at === to.section) contents.splice(Math.max(0, Math.min(contents.length, to.index)), 0, row);
		else if (contents.length === section.contents.length) return section;
		return { ...section, contents };
	});
}

/** One step up or down, over the border into the next section; null at the very ends. */
export function stepped<S extends Group>(sections: readonly S[], id: string, by: -1 | 1): S[] | null {
	const spot = spotOf(sections, id);
	if (!spot) return null;
	const within = spot.index + by;
	if (within >= 0 && within < (sections[spot.section]?.contents.length ?? 0)) return moved(sections, id, { section: spot.section, index: within });
	const next = sections[spot.section + by];
	return next ? moved(sections, id, { section: spot.section + by, index: by < 0 ? next.contents.length : 0 }) : null;
}

/** Where a row dropped before or after another one comes to stand; counted without it, as `moved` wants it. */
export function spotBeside(sections: readonly Group[], id: string, other: string, after: boolean): Spot | null {
	const without = sections.map((section) => ({ ...section, contents: section.contents.filter((one) => one.id !== id) }));
	const spot = spotOf(without, other);
	return spot && { section: spot.section, index: spot.index + (after ? 1 : 0) };
}

/** With these contents in this order among each other, each section keeping the places that it gave to them. */
export function inOrder(sections: readonly Ordered[], ids: readonly string[]): Ordered[] {
	return sections.map((section) => {
		const waiting = section.contents.filter((one) => ids.includes(one.id)).toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
		return { ...section, contents: section.contents.map((one) => (ids.includes(one.id) ? (waiting.shift() ?? one) : one)) };
	});
}

export function sectionMoved<S extends Group>(sections: readonly S[], at: number, by: -1 | 1): S[] {
	const order = [...sections];
	const [one] = order.splice(at, 1);
	if (one) order.splice(at + by, 0, one);
	return order;
}

/** Without the section; its lessons go to the end of the one before, or to the start of the one behind. */
export function sectionRemoved(sections: readonly Ordered[], at: number): Ordered[] {
	const gone = sections[at];
	if (!gone) return [...sections];
	const heir = at > 0 ? at - 1 : 1;
	return sections
		.map((section, index) => {
			if (index !== heir || !gone.contents.length) return section;
			return { ...section, contents: at > 0 ? [...section.contents, ...gone.contents] : [...gone.contents, ...section.contents] };
		})
		.filter((_, index) => index !== at);
}

export function renamed(sections: readonly Ordered[], at: number, title: string): Ordered[] {
	return sections.map((section, index) => (index === at ? { ...section, title } : section));
}

/** As PUT /courses/{id}/order takes it. */
export function orderBody(sections: readonly Ordered[]): { sections: { id?: string; title: string; contents: string[] }[] } {
	return { sections: sections.map(({ id, title, contents }) => ({ ...(id ? { id } : {}), title, contents: contents.map((content) => content.id) })) };
}
