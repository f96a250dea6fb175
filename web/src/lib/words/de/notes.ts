import { capital, count } from './speech.ts';
import type { NotesWords } from '../en/notes.ts';

export const words: NotesWords = {
	notes: {
		title: 'Notizen',
		field: 'Eine Notiz zu dieser Lektion',
		fieldAt: (place) => `Eine Notiz bei ${place}`,
		fieldOn: (page) => `Eine Notiz auf Seite ${String(page)}`,
		keeping: 'Wird behalten…',
		pause: 'Beim Schreiben anhalten',
		markdown: 'Markdown geht auch',
		noneHere: 'Hier ist noch nichts notiert. Was Sie unten schreiben, steht an seiner Stelle in der Lektion, nur für Sie.',
		removed: 'Die Notiz ist gelöscht.',
		mine: (n) =>
			n === 0
				? 'Sie gehören Ihnen allein, auch wenn Sie einen Kurs verlassen.'
				: `Bisher ${n === 1 ? 'eine Notiz' : `${count(n)} Notizen`}. Sie gehören Ihnen allein, auch wenn Sie einen Kurs verlassen.`,
		searchLabel: 'In Ihren Notizen suchen',
		found: (n) => (n === 1 ? 'Eine Notiz gefunden' : n === 0 ? 'Keine Notiz gefunden' : `${capital(count(n))} Notizen gefunden`),
		course: 'Kurs',
		allCourses: 'Alle Kurse',
		byCourse: 'Nach Kurs',
		count: (n) => `${String(n)} ${n === 1 ? 'Notiz' : 'Notizen'}`,
		export: 'Mitnehmen',
		exportCourse: (course) => `Die Notizen zu ${course} mitnehmen`,
		exportTitle: 'Eine Seite für Papier',
		exportText: 'Sie bekommen für jeden Kurs eine Markdown-Datei, in der Reihenfolge seiner Lektionen, mit einem Link zurück zu jeder Sekunde und jeder Seite.',
		older: 'Ältere Notizen zeigen',
		emptyTitle: 'Noch keine Notizen',
		emptyText: 'In jeder Lektion gibt es ein Feld für eine Notiz. Sie merkt sich die Sekunde oder die Seite und steht dann auch hier.',
		nothingTitle: (q) => `Nichts zu „${q}“ in Ihren Notizen`,
		nothingText: (q) => (q.includes(' ') ? 'Alle Wörter müssen in derselben Notiz stehen. Vielleicht weniger davon?' : 'Das Wort steht in keiner davon. Vielleicht ein kürzeres?'),
		showAll: 'Alle Notizen zeigen'
	}
};
