import { expect, it } from 'vitest';
import type { Content } from '#lib/api/types.ts';
import { inOrder, moved, numberOf, orderBody, sectionMoved, sectionRemoved, spotBeside, stepped, type Ordered } from './order.ts';

const content = (id: string): Content => ({ id }) as Content;
const section = (title: string, ...ids: string[]): Ordered => ({ key: title, id: title, title, contents: ids.map(content) });
const course = [section('A', 'a1', 'a2'), section('B'), section('C', 'c1')];
const ids = (sections: Ordered[] | null): string[][] | undefined => sections?.map((one) => one.contents.map((each) => each.id));

it('moves within a section and between sections', () => {
	expect(ids(moved(course, 'a1', { section: 0, index: 1 }))).toEqual([['a2', 'a1'], [], ['c1']]);
	expect(ids(moved(course, 'a1', { section: 2, index: 9 }))).toEqual([['a2'], [], ['c1', 'a1']]);
	expect(ids(moved(course, 'gone', { section: 0, index: 0 }))).toEqual(ids(course));
});

it('steps over borders and stops at the ends', () => {
	expect(ids(stepped(course, 'a2', 1))).toEqual([['a1'], ['a2'], ['c1']]);
	expect(ids(stepped(course, 'c1', -1))).toEqual([['a1', 'a2'], ['c1'], []]);
	expect(stepped(course, 'a1', -1)).toBeNull();
	expect(stepped(course, 'c1', 1)).toBeNull();
});

it('steps through a whole course, place by place', () => {
	let sections = course;
	const places: number[] = [];
	for (let next: Ordered[] | null = sections; next; next = stepped(sections, 'a1', 1)) {
		sections = next;
		places.push(numberOf(sections, 'a1'));
		expect(sections.flatMap((one) => one.contents)).toHaveLength(3);
	}
	expect(places).toEqual([1, 2, 2, 2, 3]);
});

it('knows the spot beside another one', () => {
	expect(spotBeside(course, 'a1', 'a2', true)).toEqual({ section: 0, index: 1 });
	expect(spotBeside(course, 'a1', 'c1', false)).toEqual({ section: 2, index: 0 });
	expect(spotBeside(course, 'a1', 'a1', true)).toBeNull();
});

it('loses no lesson with a section', () => {
	expect(ids(sectionRemoved(course, 2))).toEqual([['a1', 'a2'], ['c1']]);
	expect(ids(sectionRemoved(course, 0))).toEqual([['a1', 'a2'], ['c1']]);
	expect(sectionMoved(course, 0, 1).map((one) => one.title)).toEqual(['B', 'A', 'C']);
});

it('names an id only where there is one', () => {
	expect(orderBody([{ ...section('New', 'a1'), id: null }, section('B')])).toEqual({ sections: [{ title: 'New', contents: ['a1'] }, { id: 'B', title: 'B', contents: [] }] });
});

it('orders what came together, whatever arrived first', () => {
	const arrived = [section('A', 'old', 'n3', 'n1'), section('B', 'n2', 'n0')];
	expect(ids(inOrder(arrived, ['n0', 'n1', 'n2', 'n3']))).toEqual([['old', 'n1', 'n3'], ['n0', 'n2']]);
	expect(ids(inOrder(arrived, []))).toEqual([['old', 'n3', 'n1'], ['n2', 'n0']]);
});
