import type { FolderPlan } from '#lib/api/types.ts';

type Planned = FolderPlan['sections'][number]['contents'][number];

/** A file that is no lesson, and what it is here for. */
export interface PlannedFile {
	path: string;
	use: 'captions' | 'chapters' | 'takeAlong' | 'archive' | 'cover' | 'description';
	/** of captions, where it is known */
	language?: string | null;
}

const ARCHIVE = /\.(zip|tar|tar\.(gz|bz2|xz)|tgz|tbz2|txz)$/i;

/** Archives are not opened: what is in them is no part of the course. */
export function toTakeAlong(paths: readonly string[]): PlannedFile[] {
	return paths.map((path) => ({ path, use: ARCHIVE.test(path) ? 'archive' : 'takeAlong' }));
}

export function besideLesson({ captions, attachments }: Pick<Planned, 'captions' | 'attachments'>): PlannedFile[] {
	return [...captions.map((caption) => ({ path: caption.path, use: caption.kind, language: caption.language })), ...toTakeAlong(attachments)];
}

/** What stands at the front of the course, and what is for all of it. */
export function forTheCourse({ cover, description, attachments }: Pick<FolderPlan, 'cover' | 'description' | 'attachments'>): PlannedFile[] {
	return [
		...(cover === null ? [] : [{ path: cover, use: 'cover' as const }]),
		...(description === null ? [] : [{ path: description, use: 'description' as const }]),
		...toTakeAlong(attachments)
	];
}
