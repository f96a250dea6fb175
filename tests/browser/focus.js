// Tells whether the focus can be seen: by what changes when it comes to an element, on it or beside it.
(() => {
	const look = (element) => {
		const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(element);
		return [outlineStyle === 'none' ? '' : `${outlineStyle} ${outlineWidth} ${outlineColor}`, boxShadow, borderColor].join();
	};
	const near = (element) => [element, element.parentElement, element.previousElementSibling, element.nextElementSibling].filter(Boolean);
	const looks = (element) => near(element).map(look).join(' | ');
	const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]') && element.getClientRects().length > 0;
	const isAnother = (element) => element.type === 'radio' && !element.checked; // of a group, one is reached by Tab
	const name = (element) => `${element.localName} “${(element.ariaLabel || element.innerText || element.id || element.className).trim().slice(0, 60)}”`;
	const isOnScreen = (element) => {
		const box = element.getBoundingClientRect();
		return box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
	};
	const isCovered = (element) => {
		const box = element.getBoundingClientRect();
		if (box.width < 8 || box.height < 8) return false; // an invisible field whose label is shown
		const [x, y] = [box.left + Math.min(box.width / 2, 40), Math.min(box.top + box.height / 2, innerHeight - 1)];
		const hit = document.elementFromPoint(x, Math.max(y, 0));
		return !(hit && (hit === element || element.contains(hit) || hit.contains(element) || element.closest('label')?.contains(hit)));
	};
	let plain = new Map();
	let missed = new Set();

	/** Every control as it looks without the focus. */
	window.rememberControls = () => {
		document.activeElement?.blur();
		document.scrollingElement.scrollTo(0, 0);
		const found = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
		const reachable = found.filter((element) => element.tabIndex >= 0 && !element.disabled && isShown(element) && !isAnother(element));
		plain = new Map(reachable.map((element) => [element, looks(element)]));
		missed = new Set(reachable);
		return reachable.length;
	};

	/** What is wrong with the control that has the focus now; null when it had it before, or none has it. */
	window.checkFocused = () => {
		const element = document.activeElement;
		if (!element || element === document.body || !(missed.delete(element) || !plain.has(element))) return null;
		const wrong = [];
		if (looks(element) === plain.get(element)) wrong.push('looks the same with the focus');
		if (!isOnScreen(element)) wrong.push('is out of sight');
		else if (isCovered(element)) wrong.push('is covered');
		plain.set(element, plain.get(element) ?? '');
		return wrong.map((what) => `${name(element)} ${what}`);
	};

	window.missedControls = () => [...missed].filter((element) => element.isConnected && isShown(element)).map((element) => `${name(element)} is not reached`);
})();
