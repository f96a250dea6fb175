import { expect, it } from 'vitest';
import type { FolderPlan } from '#lib/api/types.ts';
import { moved, sectionMoved } from '../desk/order.ts';
import { editable, ofWhatIsHere, pathsToSend, takenOf, wishesOf, withWishes, type EditedPlan } from './plan.ts';

const content = (path: string, title: string): FolderPlan['sections'][number]['contents'][number] => ({ path, title, type: 'video', confidence: 'high', reasons: [], reason_codes: [], captions: [], attachments: [] });
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

const larger: FolderPlan = {
	...plan,
	sections: [
		{ title: 'One', attachments: ['1/code.zip'], contents: [content('1/a.mp4', 'A'), content('1/b.mp4', 'B')] },
		{ title: 'Two', attachments: [], contents: [content('2/c.mp4', 'C'), content('2/d.mp4', 'D')] },
		{ title: 'Three', attachments: [], contents: [content('3/e.mp4', 'E')] }
	]
};
const shown = ({ sections }: EditedPlan): [string, string][] => sections.map(({ title, contents }) => [title, contents.map((one) => one.title).join('')]);

it('says where lessons and sections were moved to, and nothing once they are back', () => {
	const edited = editable(larger);
	const before = edited.sections;
	edited.sections = moved(edited.sections, '1/a.mp4', { section: 0, index: 1 });
	expect(wishesOf(edited).sections.map(({ contents }) => contents.map((one) => one.path))).toEqual([['1/b.mp4', '1/a.mp4'], ['2/c.mp4', '2/d.mp4'], ['3/e.mp4']]);
	edited.sections = sectionMoved(before, 2, -1);
	expect(wishesOf(edited).sections.map(({ title }) => title)).toEqual(['One', 'Three', 'Two']);
	edited.sections = sectionMoved(edited.sections, 1, 1);
	expect(wishesOf(edited)).toEqual({ ignore: [], sections: [] });
});

it('shows lessons again where they were moved to', () => {
	const edited = editable(larger);
	edited.sections = sectionMoved(moved(moved(edited.sections, '3/e.mp4', { section: 0, index: 1 }), '2/d.mp4', { section: 1, index: 0 }), 0, 1);
	const [two, one] = edited.sections;
	if (two) two.title = 'Zwei';
	if (one?.contents[0]) one.contents[0].taken = false;
	const again = withWishes(editable(larger), wishesOf(edited));
	expect(shown(again)).toEqual([['Zwei', 'DC'], ['One', 'AEB'], ['Three', '']]);
	expect(wishesOf(again)).toEqual(wishesOf(edited));
	expect(again.sections.map(({ guess }) => guess)).toEqual(['Two', 'One', 'Three']);
});

it('shows a section that was emptied again where it was moved to, as it was called, and asks for none', () => {
	const edited = editable(larger);
	edited.sections = sectionMoved(sectionMoved(moved(edited.sections, '3/e.mp4', { section: 0, index: 2 }), 2, -1), 1, -1);
	const [three] = edited.sections;
	if (three) three.title = 'Drei';
	const wishes = wishesOf(edited);
	expect(shown(withWishes(editable(larger), wishes))).toEqual([['Drei', ''], ['One', 'ABE'], ['Two', 'CD']]);
	const paths = takenOf(edited).map((one) => one.path);
	expect(ofWhatIsHere(wishes, paths).sections.map(({ title, ...rest }) => [title, 'guess' in rest])).toEqual([['One', false], ['Two', false]]);
});

it('gives each file one place when sections have changed lessons and names', () => {
	const edited = editable(larger);
	const [one, two, three] = edited.sections;
	if (one && two && three) edited.sections = [{ ...one, title: 'First', contents: two.contents }, { ...two, title: 'Second', contents: one.contents }, three];
	const again = wishesOf(withWishes(editable(larger), wishesOf(edited)));
	expect(again).toEqual(wishesOf(edited));
});

it('puts what has come since then behind what it follows, and loses no section with the files that left', () => {
	const edited = editable(larger);
	const moveD = moved(edited.sections, '2/d.mp4', { section: 2, index: 0 });
	edited.sections = moveD;
	const [one, two] = larger.sections;
	const newer: FolderPlan = {
		...larger,
		sections: [
			{ title: 'One', attachments: [], contents: [content('1/a.mp4', 'A'), content('1/ab.mp4', 'AB'), content('1/b.mp4', 'B')] },
			{ title: 'More', attachments: ['more.zip'], contents: [content('m.mp4', 'M')] },
			...(two ? [two] : [])
		]
	};
	const again = withWishes(editable(newer), wishesOf(edited));
	expect(shown(again)).toEqual([['One', 'AABB'], ['More', 'M'], ['Two', 'C'], ['Three', 'D']]);
	expect(again.sections.map(({ attachments }) => attachments)).toEqual([[], ['more.zip'], [], []]);
	expect(one?.attachments).toEqual(['1/code.zip']);
});

it('asks for nothing that has not arrived', () => {
	const wishes = { ignore: ['x.mp4'], sections: [{ title: 'One', attachments: ['a.zip', 'b.zip'], contents: [{ path: 'a.mp4', title: 'A' }, { path: 'b.mp4', title: 'B' }] }, { title: 'Two', contents: [{ path: 'c.mp4', title: 'C' }] }] };
	expect(ofWhatIsHere(wishes, ['a.mp4', 'a.zip'])).toEqual({ ignore: ['x.mp4'], sections: [{ title: 'One', attachments: ['a.zip'], contents: [{ path: 'a.mp4', title: 'A' }] }] });
});
