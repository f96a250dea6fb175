import type { Content, Course, Section } from '#lib/api/types.ts';

/** True where two states of a course differ in nothing that people write, but only in what the box makes ready by itself. */
export function isWrittenAlike(one: Course, other: Course): boolean {
	return JSON.stringify(written(one)) === JSON.stringify(written(other));
}

function written({ title, description, instructor, difficulty, category, status, completion_threshold, thumbnail_url, sections }: Course): unknown {
	return { title, description, instructor, difficulty, category, status, completion_threshold, thumbnail_url, sections: sections.map(ofSection) };
}

function ofSection({ id, title, contents }: Section): unknown {
	return { id, title, contents: contents.map(ofContent) };
}

function ofContent({ id, title, description, is_preview, is_archived }: Content): unknown {
	return { id, title, description, is_preview, is_archived };
}
