import { expect, it } from 'vitest';
import type { FolderPlan } from '#lib/api/types.ts';
import { editable, takenOf, wishesOf } from './plan.ts';

const content = (path: string, title: string): FolderPlan['sections'][number]['contents'][number] => ({ path, title, type: 'video', confidence: 'high', reasons: [], captions: [], attachments: [] });
const plan: FolderPlan = {
	title: 'Shells',
	cover: null,
	description: null,
	sections: [{ title: 'One', attachments: [], contents: [content('1/a.mp4', 'A'), content('1/b.mp4', 'B')] }],
	attachments: [],
	ignored: [],
	changes: { added: [], changed: [], moved: [], removed: [], unchanged: [] }
};

it('says nothing where nothing was changed', () => {
	expect(wishesOf(editable(plan))).toEqual({ ignore: [], sections: [] });
});

it('says what was changed, and keeps a guess where a title was emptied', () => {
	const edited = editable(plan);
	edited.title = ' Sea shells ';
	const [section] = edited.sections;
	if (section?.contents[0] && section.contents[1]) {
		section.contents[0].title = 'Alpha';
		section.contents[1].title = ' ';
	}
	expect(wishesOf(edited)).toEqual({ title: 'Sea shells', ignore: [], sections: [{ title: 'One', contents: [{ path: '1/a.mp4', title: 'Alpha' }, { path: '1/b.mp4', title: 'B' }] }] });
});

it('leaves out by path', () => {
	const edited = editable(plan);
	const first = edited.sections[0]?.contents[0];
	if (first) first.taken = false;
	expect(wishesOf(edited)).toEqual({ ignore: ['1/a.mp4'], sections: [] });
	expect(takenOf(edited).map((one) => one.title)).toEqual(['B']);
});
