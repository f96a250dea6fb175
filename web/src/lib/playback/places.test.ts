import { expect, it } from 'vitest';
import { pageInHash, placeAsked, timeInHash } from './places.ts';
import { pictureOf } from './player/storyboard.ts';

it('knows an exact place by its address', () => {
	expect(timeInHash('#t=83.5')).toBe(83.5);
	expect(timeInHash('#page=3')).toBeNull();
	expect(timeInHash('#t=-1')).toBeNull();
	expect(pageInHash('#page=12')).toBe(12);
	expect(pageInHash('#page=0')).toBe(1);
	expect(pageInHash('#heading')).toBeNull();
});

it.each([['?at=61.5', 61.5], ['?at=0', 0], ['?at=', null], ['?at=x', null], ['?at=-2', null], ['', null]])('is sent to a place by %s', (query, place) => {
	expect(placeAsked(new URL(`http://box/lesson${query}`))).toBe(place);
});

it('cuts a picture out of a sprite', () => {
	const base = new URL('http://box/media/t/storyboard.vtt');
	expect(pictureOf('sprite-1.webp#xywh=160,90,160,90', base)).toEqual({ url: 'http://box/media/t/sprite-1.webp', x: 160, y: 90, width: 160, height: 90 });
	expect(pictureOf('sprite-1.webp', base)).toBeNull();
});
