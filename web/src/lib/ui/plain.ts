/** Signs that Markdown might read as more than letters: marks, addresses, lists, rules, paragraphs, code set in. */
const MARKS = /[*_`~#>|<[\]\\&$@]|:\/\/|\w\.\w|^[^\S\n]*(?:[-+=]|\d+[.)]|$)|^(?: {4}|\t)/m;

/** True where the reader of Markdown, which is as large as the rest of the page, would change nothing. */
export function isPlain(text: string): boolean {
	return !MARKS.test(text.trim());
}
