const BROWSERS: [RegExp, string][] = [
	[/\bEdg(?:e|A|iOS)?\//, 'Edge'],
	[/\bOPR\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\b(?:Firefox|FxiOS)\//, 'Firefox'],
	[/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
	[/\bSafari\//, 'Safari']
];
const SYSTEMS: [RegExp, string][] = [
	[/\biPhone\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bWindows\b/, 'Windows'],
	[/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
	[/\bLinux\b/, 'Linux']
];

/** What a browser says of itself, as people name it: its own name and its system's; null when neither is known. */
export function deviceName(agent: string): { browser: string; system: string } | null {
	const browser = BROWSERS.find(([sign]) => sign.test(agent))?.[1];
	const system = SYSTEMS.find(([sign]) => sign.test(agent))?.[1];
	return browser || system ? { browser: browser ?? '', system: system ?? '' } : null;
}
