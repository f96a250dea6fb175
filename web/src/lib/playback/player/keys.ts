import { BACK, type Player } from './player.svelte.ts';
import { settings } from './settings.svelte.ts';

const NUDGE = 5;
const LOUDER = 0.1;

export interface StageActs {
	toggleFull: () => void;
	toggleWide: () => void;
	showKeys: () => void;
}

/** The keys as people know them. True when the key meant something. */
export function pressKey(player: Player, acts: StageActs, event: KeyboardEvent): boolean {
	if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
	const act = actOf(player, acts, event);
	if (!act) return false;
	event.preventDefault();
	act();
	return true;
}

function actOf(player: Player, acts: StageActs, event: KeyboardEvent): (() => void) | undefined {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
	if (/^[0-9]$/.test(key)) return () => { player.seek((player.duration * Number(key)) / 10); };
	const table: Record<string, () => void> = {
		k: player.toggle,
		j: () => { player.step(-BACK); },
		l: () => { player.step(BACK); },
		ArrowLeft: () => { player.step(-NUDGE); },
		ArrowRight: () => { player.step(NUDGE); },
		ArrowUp: () => { player.setVolume(settings.now.volume + LOUDER); },
		ArrowDown: () => { player.setVolume(settings.now.volume - LOUDER); },
		m: player.toggleMute,
		c: player.toggleCaptions,
		f: acts.toggleFull,
		t: acts.toggleWide,
		'<': () => { player.stepRate(-1); },
		'>': () => { player.stepRate(1); },
		n: () => { document.querySelector<HTMLElement>('[data-note-field]')?.focus(); },
		'?': acts.showKeys
	};
	if (key === ' ') return isPressable(event.target) ? undefined : player.toggle;
	if (key.startsWith('Arrow') && isOutside(event.target)) return undefined;
	return table[key];
}

function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && !!target.closest('input:not([type=range]), textarea, select, [contenteditable=true]');
}

function isPressable(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && !!target.closest('button, a, summary, [role=menu], input');
}

/** Arrows belong to whatever has the focus, unless that is the player or nothing at all. */
function isOutside(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && target !== document.body && !target.closest('[data-player], main:focus');
}
