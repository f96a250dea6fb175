import type { FolderPlan } from '#lib/api/types.ts';

type PlannedContent = FolderPlan['sections'][number]['contents'][number];

/** A plan in the hands of a person: titles may be changed, lessons left out. */
export interface EditedContent extends PlannedContent {
	taken: boolean;
	/** what the box called it */
	guess: string;
}

export interface EditedPlan {
	title: string;
	guess: string;
	sections: { title: string; guess: string; contents: EditedContent[] }[];
}

/** What POST /imports/{id}/apply takes of it. */
export interface Wishes {
	title?: string;
	ignore: string[];
	sections: { title: string; contents: { path: string; title: string }[] }[];
}

export function editable(plan: FolderPlan): EditedPlan {
	return {
		title: plan.title,
		guess: plan.title,
		sections: plan.sections.map(({ title, contents }) => ({ title, guess: title, contents: contents.map((content) => ({ ...content, taken: true, guess: content.title })) }))
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
					.map((section) => ({ title: said(section.title, section.guess), contents: section.contents.filter((one) => one.taken).map((one) => ({ path: one.path, title: said(one.title, one.guess) })) }))
					.filter((section) => section.contents.length && section.title)
			: []
	};
}

export function takenOf(plan: EditedPlan): EditedContent[] {
	return plan.sections.flatMap((section) => section.contents.filter((one) => one.taken));
}
