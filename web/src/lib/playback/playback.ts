import { request } from '#lib/api/request.ts';
import type { Playback } from '#lib/api/types.ts';

/** Signed addresses of what can be played of a content. */
export function getPlayback(contentId: string): Promise<Playback> {
	return request<Playback>('GET', `/contents/${contentId}/playback`);
}
