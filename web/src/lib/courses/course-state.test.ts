import { expect, it, vi } from 'vitest';
import type { Content, Course, CourseProgress } from '#lib/api/types.ts';

vi.mock('#lib/learning/reporter.svelte.ts', () => ({ reporter: { onConfirmed: () => undefined } }));
vi.mock('#lib/accounts/session.svelte.ts', () => ({ visitor: {} }));
const { CourseState } = await import('./course-state.svelte.ts');

const lesson = (id: string, status: Content['status'] = 'ready'): Content => ({ id, status }) as Content;

function stateOf(contents: Content[], seen: Record<string, { completed?: boolean; updated_at?: string }> = {}): InstanceType<typeof CourseState> {
	const state = new CourseState({ id: 'c', sections: [{ id: 's', title: '', attachments: [], contents }] } as unknown as Course);
	state.progress = { contents: Object.entries(seen).map(([content_id, one]) => ({ content_id, completed: false, updated_at: null, ...one })) } as unknown as CourseProgress;
	return state;
}

it('goes on with what was touched last, else with the first that is not done', () => {
	const contents = [lesson('a'), lesson('b'), lesson('c')];
	expect(stateOf(contents).next?.id).toBe('a');
	expect(stateOf(contents, { a: { completed: true, updated_at: '3' }, b: { updated_at: '1' }, c: { updated_at: '2' } }).next?.id).toBe('c');
	expect(stateOf(contents, { a: { completed: true } }).next?.id).toBe('b');
});

it('sends nobody to a lesson that could not be made ready', () => {
	expect(stateOf([lesson('a', 'failed'), lesson('b')], { a: { updated_at: '1' } }).next?.id).toBe('b');
	expect(stateOf([lesson('a', 'failed')]).next).toBeUndefined();
});
