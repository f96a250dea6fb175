import type { FolderPlan } from '#lib/api/types.ts';
import type { Group, Row } from '../desk/order.ts';

type PlannedContent = FolderPlan['sections'][number]['contents'][number];

/** A plan in the hands of a person: titles may be changed, lessons moved and left out. */
export interface EditedContent extends PlannedContent, Row {
	taken: boolean;
	/** what the box called it */
	guess: string;
}

export interface EditedSection extends Group<EditedContent> {
	guess: string;
	attachments: string[];
}

export interface EditedPlan {
	title: string;
	guess: string;
	sections: EditedSection[];
	/** the paths of each section, as the box would have them */
	places: string[][];
}

/** What POST /imports/{id}/apply takes of it. */
export interface Wishes {
	title?: string;
	ignore: string[];
	sections: WantedSection[];
}

interface WantedSection {
	title: string;
	attachments?: string[];
	contents: { path: string; title: string }[];
	/** what the box called a section that no lesson is left in: remembered for its place, never sent */
	guess?: string;
}

export function editable(plan: FolderPlan): EditedPlan {
	return {
		title: plan.title,
		guess: plan.title,
		sections: plan.sections.map(({ title, attachments, contents }, at) => ({
			key: String(at),
			title,
			guess: title,
			attachments,
			contents: contents.map((content) => ({ ...content, id: content.path, taken: true, guess: content.title }))
		})),
		places: placesOf(plan)
	};
}

function placesOf({ sections }: Pick<FolderPlan, 'sections'>): string[][] {
	return sections.map(({ contents }) => contents.map((one) => one.path));
}

/** Only what a person said; an emptied title is as the box called it. */
export function wishesOf(plan: EditedPlan): Wishes {
	const said = (text: string, guess: string): string => text.trim() || guess;
	const moved = JSON.stringify(placesOf(plan)) !== JSON.stringify(plan.places);
	const changed = moved || plan.sections.some((section) => said(section.title, section.guess) !== section.guess || section.contents.some((one) => said(one.title, one.guess) !== one.guess));
	const title = said(plan.title, plan.guess);
	return {
		...(title === plan.guess ? {} : { title }),
		ignore: plan.sections.flatMap((section) => section.contents.filter((one) => !one.taken).map((one) => one.path)),
		sections: changed
			? plan.sections
					.map(({ title, guess, attachments, contents }) => ({
						title: said(title, guess),
						...(attachments.length ? { attachments } : {}), // a section with another title is another one to the box
						contents: contents.filter((one) => one.taken).map((one) => ({ path: one.path, title: said(one.title, one.guess) })),
						...(contents.some((one) => one.taken) ? {} : { guess })
					}))
					.filter((section) => section.title)
			: []
	};
}

/** The same wishes again, over a plan that was made anew. */
export function withWishes(plan: EditedPlan, { title, ignore, sections }: Wishes): EditedPlan {
	const out = new Set(ignore);
	const planned = plan.sections.map((section) => ({ ...section, contents: section.contents.map((one) => ({ ...one, taken: !out.has(one.path) })) }));
	return { ...plan, title: title ?? plan.title, sections: sections.length ? arranged(planned, sections) : planned };
}

/** In the sections and the order that were wanted; what was not spoken of stands behind what it follows in the plan. */
function arranged(planned: readonly EditedSection[], wanted: Wishes['sections']): EditedSection[] {
	const byPath = new Map(planned.flatMap(({ contents }) => contents).map((one) => [one.path, one]));
	const files = new Set(planned.flatMap(({ attachments }) => attachments));
	const spoken = new Set(wanted.flatMap(({ contents, attachments = [] }) => [...contents.map((one) => one.path), ...attachments]));
	const left = [...planned];
	const sections = wanted.flatMap(({ title, guess = title, attachments = [], contents }) => {
		const here = contents.flatMap((one) => { const found = byPath.get(one.path); return found ? [{ ...found, title: one.title }] : []; });
		const found = takeSection(left, guess, here);
		if (!found && !here.length) return [];
		const from = found ?? { key: `of ${here[0]?.path ?? ''}`, guess: title, attachments: [], contents: [] };
		const along = [...attachments.filter((path) => files.has(path)), ...from.attachments.filter((path) => !spoken.has(path))];
		return [{ ...from, title, attachments: along, contents: withUnspoken(here, from.contents, spoken) }];
	});
	for (const section of left) {
		const above = planned[planned.indexOf(section) - 1]?.key;
		const rest = { ...section, attachments: section.attachments.filter((path) => !spoken.has(path)), contents: withUnspoken([], section.contents, spoken) };
		sections.splice(sections.findIndex(({ key }) => key === above) + 1, 0, rest);
	}
	return sections;
}

/** The section of the plan that was meant: of this title, else with the most of these lessons. */
function takeSection(left: EditedSection[], title: string, lessons: readonly EditedContent[]): EditedSection | undefined {
	const paths = new Set(lessons.map((one) => one.path));
	const shared = ({ contents }: EditedSection): number => contents.filter((one) => paths.has(one.path)).length;
	const nearest = left.toSorted((a, b) => shared(b) - shared(a))[0];
	const found = left.find(({ guess }) => guess === title) ?? (nearest && shared(nearest) ? nearest : undefined);
	if (found) left.splice(left.indexOf(found), 1);
	return found;
}

function withUnspoken(lessons: readonly EditedContent[], planned: readonly EditedContent[], spoken: ReadonlySet<string>): EditedContent[] {
	const all = [...lessons];
	let spot = 0;
	for (const one of planned) {
		const at = all.findIndex(({ path }) => path === one.path);
		if (at >= 0) spot = at + 1;
		else if (!spoken.has(one.path)) all.splice(spot++, 0, one);
	}
	return all;
}

/** What was said of files that have not arrived is nothing that the box could follow. */
export function ofWhatIsHere(wishes: Wishes, arrived: readonly string[]): Wishes {
	const here = new Set(arrived);
	const sections = wishes.sections.map((section) => ({
		...section,
		...(section.attachments ? { attachments: section.attachments.filter((path) => here.has(path)) } : {}),
		contents: section.contents.filter(({ path }) => here.has(path))
	}));
	return { ...wishes, sections: sections.filter((section) => section.contents.length) };
}

/** The paths that have to be here for it: what was left out by hand stays where it is, with what belongs to it. */
export function pathsToSend(plan: FolderPlan, edited: EditedPlan, all: readonly string[]): ReadonlySet<string> {
	const staying = new Set(plan.ignored.map(({ path }) => path));
	for (const content of edited.sections.flatMap((section) => section.contents).filter((one) => !one.taken)) {
		for (const path of [content.path, ...content.captions.map((one) => one.path), ...content.attachments]) staying.add(path);
	}
	return new Set(all.filter((path) => !staying.has(path)));
}

export function takenOf(plan: EditedPlan): EditedContent[] {
	return plan.sections.flatMap((section) => section.contents.filter((one) => one.taken));
}
