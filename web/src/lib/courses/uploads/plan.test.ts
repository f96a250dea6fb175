import { expect, it } from 'vitest';
import type { FolderPlan } from '#lib/api/types.ts';
import { editable, ofWhatIsHere, pathsToSend, takenOf, wishesOf, withWishes } from './plan.ts';

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

it('sends what the plan needs and nothing else', () => {
	const given: FolderPlan = { ...plan, ignored: [{ path: 'x.tmp', reason: 'half a file', code: 'incomplete' }] };
	given.sections = [{ title: 'One', attachments: [], contents: [{ ...content('a.mp4', 'A'), captions: [{ path: 'a.vtt', language: null, kind: 'captions' }] }, content('b.mp4', 'B')] }];
	const edited = editable(given);
	const all = ['a.mp4', 'a.vtt', 'b.mp4', 'x.tmp', 'README.md'];
	expect([...pathsToSend(given, edited, all)]).toEqual(['a.mp4', 'a.vtt', 'b.mp4', 'README.md']);
	const first = edited.sections[0]?.contents[0];
	if (first) first.taken = false;
	expect([...pathsToSend(given, edited, all)]).toEqual(['b.mp4', 'README.md']);
});

it('keeps what goes with a section that is called otherwise', () => {
	const edited = editable({ ...plan, sections: plan.sections.map((section) => ({ ...section, attachments: ['1/code.zip'] })) });
	const [section] = edited.sections;
	if (section) section.title = 'First';
	expect(wishesOf(edited).sections).toEqual([{ title: 'First', attachments: ['1/code.zip'], contents: [{ path: '1/a.mp4', title: 'A' }, { path: '1/b.mp4', title: 'B' }] }]);
});

it('lays what was wanted before over the plan of another day', () => {
	const wanted = { title: 'Sea', ignore: ['1/b.mp4', 'gone.mp4'], sections: [{ title: 'First', contents: [{ path: '1/a.mp4', title: 'Alpha' }, { path: 'gone.mp4', title: 'Gone' }] }] };
	const again = withWishes(editable(plan), wanted);
	expect(wishesOf(again)).toEqual({ title: 'Sea', ignore: ['1/b.mp4'], sections: [{ title: 'First', contents: [{ path: '1/a.mp4', title: 'Alpha' }] }] });
	expect(withWishes(editable(plan), { ignore: [], sections: [] })).toEqual(editable(plan));
});

it('asks for nothing that has not arrived', () => {
	const wishes = { ignore: ['x.mp4'], sections: [{ title: 'One', attachments: ['a.zip', 'b.zip'], contents: [{ path: 'a.mp4', title: 'A' }, { path: 'b.mp4', title: 'B' }] }, { title: 'Two', contents: [{ path: 'c.mp4', title: 'C' }] }] };
	expect(ofWhatIsHere(wishes, ['a.mp4', 'a.zip'])).toEqual({ ignore: ['x.mp4'], sections: [{ title: 'One', attachments: ['a.zip'], contents: [{ path: 'a.mp4', title: 'A' }] }] });
});
