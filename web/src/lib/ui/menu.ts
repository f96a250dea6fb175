const ITEMS = '[role^="menuitem"]';

/** Focus inside a menu, by the ARIA practice: arrows, Home, End, first letters. True when the key was the menu's. */
export function moveInMenu(menu: HTMLElement, event: KeyboardEvent): boolean {
	const items = [...menu.querySelectorAll<HTMLElement>(ITEMS)].filter((item) => item.checkVisibility());
	const here = items.findIndex((item) => item === document.activeElement);
	const target = targetOf(event.key, here, items);
	if (!target) return false;
	event.preventDefault();
	event.stopPropagation();
	target.focus();
	return true;
}

function targetOf(key: string, here: number, items: HTMLElement[]): HTMLElement | undefined {
	if (key === 'ArrowDown') return items[(here + 1) % items.length];
	if (key === 'ArrowUp') return items[(here - 1 + items.length) % items.length];
	if (key === 'Home') return items[0];
	if (key === 'End') return items.at(-1);
	if (key.length !== 1 || key === ' ') return undefined;
	const turned = [...items.slice(here + 1), ...items.slice(0, here + 1)];
	return turned.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}

/** The checked item, or else the first one. */
export function focusFirst(menu: HTMLElement): void {
	const checked = menu.querySelector<HTMLElement>(`${ITEMS}[aria-checked="true"]`);
	(checked ?? menu.querySelector<HTMLElement>(ITEMS))?.focus();
}
