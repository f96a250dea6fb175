import type { Course } from '#lib/api/types.ts';
import { contentsOf } from '../catalogue.ts';

/** So many of a course's files are no accident. */
const ENOUGH = 3;

/** The course that a folder is for, and the files that it was made of. */
export interface Target {
	id: string;
	title: string;
	paths: readonly string[];
}

export function targetOf(course: Course): Target {
	const paths = contentsOf(course).flatMap(({ metadata }) => (metadata.path ? [metadata.path] : []));
	return { id: course.id, title: course.title, paths };
}

/** Whether a folder could be a copy of the one that the course was made of. */
export function mayBeCopy({ paths }: Target, files: readonly string[]): boolean {
	return filesOfBoth(paths, files) > 0;
}

/** Whether it surely is one: it has half of the course, and more than a file that many folders have, or the course's name. */
export function isCopy({ title, paths }: Target, folder: string, files: readonly string[]): boolean {
	const both = filesOfBoth(paths, files);
	return both * 2 >= paths.length && (both >= ENOUGH || (both > 0 && folder === title));
}

function filesOfBoth(paths: readonly string[], files: readonly string[]): number {
	const here = new Set(files);
	return paths.filter((path) => here.has(path)).length;
}
