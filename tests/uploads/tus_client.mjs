// Sends a text in pieces with tus-js-client, stops in the middle, and goes on as another run of the page would.
// node tus_client.mjs FOLDER_WITH_NODE_MODULES ENDPOINT TOKEN COURSE
import { createRequire } from 'node:module';

const [folder, endpoint, token, course] = process.argv.slice(2);
const { Upload } = createRequire(`${folder}/`)('tus-js-client');
const data = Buffer.from('# Firing\n'.repeat(500));

function options(more) {
	const headers = { Authorization: `Bearer ${token}` };
	const metadata = { filename: 'firing.md', course_id: course };
	return { endpoint, headers, metadata, chunkSize: 1000, retryDelays: [0, 100], ...more };
}

const url = await new Promise((resolve, reject) => {
	const onChunkComplete = (_size, sent) => {
		if (sent >= 2000) upload.abort().then(() => resolve(upload.url));
	};
	const upload = new Upload(data, options({ onError: reject, onChunkComplete }));
	upload.start();
});
await new Promise((resolve, reject) => {
	new Upload(data, options({ uploadUrl: url, onError: reject, onSuccess: resolve })).start();
});
