import type { FolderPlan } from '#lib/api/types.ts';

type PlannedContent = FolderPlan['sections'][number]['contents'][number];

/** A plan in the hands of a person: titles may be changed, lessons left out. */
export interface EditedContent extends PlannedContent {
	taken: boolean;
	/** what the box called it */
	guess: string;
}

export interface EditedSection {
	title: string;
	guess: string;
	attachments: string[];
	contents: EditedContent[];
}

export interface EditedPlan {
	title: string;
	guess: string;
	sections: EditedSection[];
}

/** What POST /imports/{id}/apply takes of it. */
export interface Wishes {
	title?: string;
	ignore: string[];
	sections: { title: string; attachments?: string[]; contents: { path: string; title: string }[] }[];
}

export function editable(plan: FolderPlan): EditedPlan {
	return {
		title: plan.title,
		guess: plan.title,
		sections: plan.sections.map(({ title, attachments, contents }) => ({ title, guess: title, attachments, contents: contents.map((content) => ({ ...content, taken: true, guess: content.title })) }))
	};
}

/** Only what a person said; an emptied title is as the box called it. */
export function wishesOf(plan: EditedPlan): Wishes {
	const said = (text: string, guess: string): string => text.trim() || guess;
	const changed = plan.sections.some((section) => said(section.title, section.guess) !== section.guess || section.contents.some((one) => said(one.title, one.guess) !== one.guess));
	const title = said(plan.title, plan.guess);
	return {
		...(title === plan.guess ? {} : { title }),
		ignore: plan.sections.flatMap((section) => section.contents.filter((one) => !one.taken).map((one) => one.path)),
		sections: changed
			? plan.sections
					.map(({ title, guess, attachments, contents }) => ({
						title: said(title, guess),
						...(attachments.length ? { attachments } : {}), // a section with another title is another one to the box
						contents: contents.filter((one) => one.taken).map((one) => ({ path: one.path, title: said(one.title, one.guess) }))
					}))
					.filter((section) => section.contents.length && section.title)
			: []
	};
}

/** The same wishes again, over a plan that was made anew. */
export function withWishes(plan: EditedPlan, { title, ignore, sections }: Wishes): EditedPlan {
	const out = new Set(ignore);
	const said = new Map(sections.flatMap((section) => section.contents.map((one) => [one.path, { title: one.title, section: section.title }])));
	return {
		...plan,
		title: title ?? plan.title,
		sections: plan.sections.map((section) => ({
			...section,
			title: section.contents.map((one) => said.get(one.path)?.section).find((one) => one !== undefined) ?? section.title,
			contents: section.contents.map((one) => ({ ...one, title: said.get(one.path)?.title ?? one.title, taken: !out.has(one.path) }))
		}))
	};
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
