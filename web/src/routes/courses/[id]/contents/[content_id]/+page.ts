import { soon } from '#lib/api/soon.ts';
import { askLessonAhead } from '#lib/playback/playback.ts';

export async function load({ params }: { params: { id: string; content_id: string } }): Promise<void> {
	await soon(askLessonAhead(params.id, params.content_id));
}
