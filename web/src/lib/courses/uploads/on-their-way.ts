import type { FolderWay } from './folder-import.svelte.ts';

/** Folders whose files are being sent from this window, by import, also while somebody looks at other pages. */
export const onTheirWay = new Map<string, FolderWay>();
