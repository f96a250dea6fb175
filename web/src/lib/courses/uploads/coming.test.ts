import { expect, it } from 'vitest';
import { announce } from './coming.ts';

const dropped = (path: string, text: string): { path: string; file: File } => ({ path, file: new File([text], path) });
const headsOf = async (...files: { path: string; file: File }[]): Promise<(string | undefined)[]> =>
	(await announce(files)).map((one) => (one.head === undefined ? undefined : atob(one.head)));

it('tells names and sizes, and how a page begins that opens its folder', async () => {
	const files = [dropped('1/a.mp4', 'abc'), dropped('1/README.md', '# Ü'), dropped('c.TS', 'G')];
	expect(await announce(files)).toEqual([{ path: '1/a.mp4', size: 3 }, { path: '1/README.md', size: 4, head: 'IyDDnA==' }, { path: 'c.TS', size: 1, head: 'Rw==' }]);
});

it('tells of other texts only what stands above them', async () => {
	const matter = '---\ntitle: Bread\n---\n';
	const long = `---\n${'x: y\n'.repeat(1_000)}`;
	expect(await headsOf(dropped('a.md', `${matter}${'crumbs '.repeat(500)}`), dropped('b.md', '# Bread\n\n---\n'), dropped('c.md', long), dropped('d.md', `\ufeff${matter}`))).toEqual([
		matter,
		undefined,
		long.slice(0, 2_048),
		`\xef\xbb\xbf${matter}`
	]);
});

it('brings no more than the beginning', async () => {
	expect((await headsOf(dropped('README.md', 'x'.repeat(5_000)), dropped('a.ts', 'G'.repeat(5_000)))).map((one) => one?.length)).toEqual([2_048, 512]);
});

it('keeps what it tells of five thousand files below what the box takes', async () => {
	const folder = 'A shelf with a rather long name'.repeat(4);
	const many = await announce(Array.from({ length: 5_000 }, (_, index) => dropped(`${folder}/${String(index)}/README.md`, 'x'.repeat(5_000))));
	expect(many.filter((one) => one.head)).toHaveLength(Math.floor(2_000_000 / 2_732));
	expect(JSON.stringify({ coming: many }).length).toBeLessThan(4 * 1_048_576);
});
