import { stamps, type StampName } from './stamps.ts';

export const cloths = ['bottle', 'oxblood', 'navy', 'ochre', 'plum', 'slate', 'olive', 'rust'] as const;
export type Cloth = (typeof cloths)[number];

const drawings = Object.keys(stamps) as StampName[];

/** FNV-1a over the id: the same course wears the same cloth everywhere. */
function hashOf(id: string): number {
	let hash = 0x811c9dc5;
	for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
	return hash >>> 0;
}

export function clothOf(id: string): Cloth {
	return cloths[hashOf(id) % cloths.length] ?? 'bottle';
}

export function stampOf(id: string): StampName {
	return drawings[(hashOf(id) >>> 8) % drawings.length] ?? 'arcs';
}
