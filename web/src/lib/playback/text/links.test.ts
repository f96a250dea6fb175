import { describe, expect, it } from 'vitest';
import { isAbsolute, joinPath, linkTarget, pictureSource, type CourseMap } from './links.ts';

const map: CourseMap = {
	files: new Map([
		['episodes/fig/plot one.svg', '/api/v1/attachments/1/file'],
		['2020/static/media/tmux.png', '/api/v1/attachments/2/file'],
		['data.csv', '/api/v1/attachments/3/file'],
		['episodes/02.md', '/api/v1/contents/2/file']
	]),
	lessons: new Map([
		['episodes/02.md', '/courses/c/contents/2'],
		['2020/shell-tools.md', '/courses/c/contents/3'],
		['2020/index.md', '/courses/c/contents/4']
	])
};

describe('joinPath', () => {
	it.each([
		['a/b/c.md', 'd.png', 'a/b/d.png'],
		['a/b/c.md', '../d.png', 'a/d.png'],
		['a/b/c.md', './../../d.png', 'd.png'],
		['a/b/c.md', '/d.png', 'd.png'],
		['c.md', '../d.png', null]
	])('%s + %s', (from, address, path) => {
		expect(joinPath(from, address)).toBe(path);
	});
});

describe('linkTarget', () => {
	it.each([
		['episodes/01.md', '02.md', '/courses/c/contents/2'],
		['episodes/01.md', '02.md#plots', '/courses/c/contents/2#plots'],
		['episodes/01.md', '02.html', '/courses/c/contents/2'],
		['2020/editors.md', 'shell-tools', '/courses/c/contents/3'],
		['2020/editors.md', '/2020/shell-tools/', '/courses/c/contents/3'],
		['about.md', '2020/', '/courses/c/contents/4'],
		['episodes/01.md', '../data.csv', '/api/v1/attachments/3/file'],
		['episodes/01.md', '#here', '#here'],
		['episodes/01.md', 'nowhere.md', null],
		['episodes/01.md', '../../../etc/passwd', null]
	])('from %s to %s', (from, address, target) => {
		expect(linkTarget(map, from, address)).toBe(target);
	});
});

describe('pictureSource', () => {
	it('reads what is written with % and asks nothing after the ?', () => {
		expect(pictureSource(map, 'episodes/02.md', 'fig/plot%20one.svg?raw=1')).toBe('/api/v1/attachments/1/file');
	});
	it('finds a picture of a site that was rooted one folder higher', () => {
		expect(pictureSource(map, '2020/editors.md', '/static/media/tmux.png')).toBe('/api/v1/attachments/2/file');
	});
	it('knows when the course does not have it', () => {
		expect(pictureSource(map, '2020/editors.md', 'gone.png')).toBeNull();
	});
});

it.each([['https://x.org', true], ['//x.org', true], ['mailto:a@b', true], ['data:image/png;base64,', true], ['a/b', false], ['/a', false], ['#a', false]])('%s leaves the course: %s', (address, leaves) => {
	expect(isAbsolute(address)).toBe(leaves);
});
