const PATIENCE = 150;

/** Waits for what may be there at once, and never so long that somebody notices. */
export async function soon(coming: Promise<unknown>): Promise<void> {
	await Promise.race([coming.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}
