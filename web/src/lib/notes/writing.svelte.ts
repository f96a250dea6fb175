const KEY = 'lms.writing';

/** How this person likes to write beside a film, kept on this device. */
class Writing {
	pauses = $state(localStorage.getItem(KEY) !== 'goes-on');

	choose(pauses: boolean): void {
		this.pauses = pauses;
		localStorage.setItem(KEY, pauses ? 'pauses' : 'goes-on');
	}
}

export const writing = new Writing();
