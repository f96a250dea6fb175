export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'lms.theme';

function stored(): Theme {
	const name = localStorage.getItem(KEY);
	return themes.find((theme) => theme === name) ?? 'system';
}

/** Light, dark, or as the system; kept on this device. */
class ThemeChoice {
	name = $state<Theme>('system');

	open(): void {
		this.name = stored();
		this.#show();
	}

	choose(name: Theme): void {
		this.name = name;
		localStorage.setItem(KEY, name);
		this.#show();
	}

	#show(): void {
		if (this.name === 'system') delete document.documentElement.dataset.theme;
		else document.documentElement.dataset.theme = this.name;
	}
}

export const theme = new ThemeChoice();
