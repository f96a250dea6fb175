/** A file as somebody dropped or chose it; `path` is inside the folder, with `/`, without the folder's own name. */
export interface Dropped {
	path: string;
	file: File;
}

export interface Drop {
	/** the folder's own name, when one whole folder came */
	folder: string | null;
	files: Dropped[];
}

/** Read at once: what a drop carries is gone with its event. Folders are walked afterwards. */
export function readDrop(transfer: DataTransfer): Promise<Drop> {
	const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
	const plain = [...transfer.files];
	return entries.length ? walk(entries) : Promise.resolve({ folder: null, files: plain.map((file) => ({ path: file.name, file })) });
}

async function walk(entries: FileSystemEntry[]): Promise<Drop> {
	const found = (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat();
	return asDrop(found, entries.length === 1 && entries[0]?.isDirectory ? entries[0].name : null);
}

/** What a field for files or for a folder holds. */
export function readChosen(files: FileList): Drop {
	const found = [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
	const first = found[0]?.path.split('/') ?? [];
	return asDrop(found, first.length > 1 ? (first[0] ?? null) : null);
}

function asDrop(found: Dropped[], folder: string | null): Drop {
	const files = folder === null ? found : found.map(({ path, file }) => ({ path: path.slice(folder.length + 1), file }));
	return { folder, files: files.toSorted((a, b) => naturally(a.path, b.path)) };
}

async function filesOf(entry: FileSystemEntry, above: string): Promise<Dropped[]> {
	const path = above + entry.name;
	if (entry.isFile) {
		const file = await new Promise<File>((resolve, reject) => { (entry as FileSystemFileEntry).file(resolve, reject); });
		return [{ path, file }];
	}
	const reader = (entry as FileSystemDirectoryEntry).createReader();
	const inside: FileSystemEntry[] = [];
	for (let batch = await entriesOf(reader); batch.length; batch = await entriesOf(reader)) inside.push(...batch); // browsers give a hundred at a time
	return (await Promise.all(inside.map((one) => filesOf(one, `${path}/`)))).flat();
}

function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
	return new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** 2 before 10, in each folder on the way. */
export function naturally(a: string, b: string): number {
	const [left, right] = [a.split('/'), b.split('/')];
	for (let at = 0; at < Math.min(left.length, right.length); at++) {
		const order = collator.compare(left[at] ?? '', right[at] ?? '');
		if (order) return order;
	}
	return left.length - right.length;
}
