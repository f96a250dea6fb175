/** Where a file goes: to a course as a lesson, or to a path in a folder that is still to become a course. */
export type Where = { course: string; section: string | null } | { folder: string; path: string };

/** An upload that this browser began and did not end. */
export interface Unfinished {
	name: string;
	/** under which the browser keeps it */
	key: string;
}

const PREFIX = 'tus::';
const LIFETIME = 24 * 3_600_000;

/** The names that the box understands in an upload's metadata. */
export function placeOf(where: Where): Record<string, string> {
	if ('folder' in where) return { import_id: where.folder, path: where.path };
	return { course_id: where.course, ...(where.section ? { section_id: where.section } : {}) };
}

/** The same file for the same place goes on where it was, also when it is chosen again another day. */
export function fingerprintOf(file: File, name: string, where: Where): string {
	const place = 'folder' in where ? `${where.folder}/${where.path}` : `${where.course}/${name}`;
	return `lms-${place}-${String(file.size)}-${String(file.lastModified)}`;
}

/** What was on its way to the course when a page was closed; what the box has forgotten by now is not spoken of. */
export function unfinishedOf(course: string, storage: Storage = localStorage, now = Date.now()): Unfinished[] {
	return Object.keys(storage)
		.filter((key) => key.startsWith(`${PREFIX}lms-${course}/`))
		.flatMap((key) => {
			const kept = read(storage.getItem(key));
			const age = now - new Date(kept?.creationTime ?? 0).getTime();
			return kept?.metadata?.filename && age < LIFETIME ? [{ key, name: kept.metadata.filename }] : [];
		});
}

export function forget(uploads: readonly Unfinished[], storage: Storage = localStorage): void {
	for (const { key } of uploads) storage.removeItem(key);
}

function read(text: string | null): { metadata?: { filename?: string }; creationTime?: string } | null {
	try {
		return JSON.parse(text ?? '') as { metadata?: { filename?: string }; creationTime?: string };
	} catch {
		return null;
	}
}
