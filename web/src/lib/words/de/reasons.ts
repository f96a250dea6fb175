import type { LeftOutCode, ReasonCode } from '#lib/api/types.ts';

/** Why a file is left out of a course. */
export const because: Record<LeftOutCode, string> = {
	another_description: 'der Kurs hat eine andere Beschreibung',
	beside_deleted: 'gehört zu einer gelöschten Lektion',
	course_file_says_so: 'course.toml sagt es so',
	deleted: 'im Browser gelöscht und seither unverändert',
	empty: 'eine leere Datei',
	hidden: 'versteckt',
	in_a_bin: 'in einem Papierkorb',
	incomplete: 'ein Download, der nicht vollständig ist',
	installed: 'installierte Programme eines Projekts',
	left_behind: 'von einem System oder Programm hinterlassen',
	no_picture: 'lässt sich nicht als Bild lesen',
	no_place: 'hat keinen Platz im Kurs',
	no_recording: 'gehört zu einer Aufnahme, die nicht hier ist',
	of_no_use: 'nur für Computer von Nutzen',
	repository: 'die Geschichte eines Repositorys',
	sample: 'die Kostprobe eines Videos',
	settings: 'als Einstellungen des Kurses gelesen',
	unreadable: 'lässt sich nicht lesen',
	you_said_so: 'von Ihnen weggelassen'
};

const fields: Partial<Record<string, string>> = { title: 'der Titel', description: 'die Beschreibung', is_preview: 'die freie Ansicht', is_archived: 'der Platz im Archiv' };
/** Why a lesson has its place; `about` is the file, number, ending or field that is meant. */
export const why: Record<ReasonCode, (about: string) => string> = {
	by_name: () => 'in der Reihenfolge der Namen, weil Nummern fehlen',
	captions_by_number: () => 'Untertitel haben nur die Nummer gemeinsam',
	captions_by_position: () => 'Untertitel sind nach ihrer Reihenfolge erraten',
	captions_far: () => 'Untertitel liegen in einem anderen Ordner',
	companion: (name) => `${name} könnte eine eigene Lektion sein`,
	course_file_says_so: () => 'course.toml sagt es so',
	edit_overruled: (field) => `${fields[field] ?? field} wurde im Browser geändert, und später im Ordner`,
	edit_stays: (field) => `${fields[field] ?? field} wurde im Browser geändert und bleibt so`,
	empty: () => 'die Datei ist leer',
	front_matter: () => 'der Kopf des Textes nennt den Titel',
	heading: () => 'die Überschrift nennt den Titel',
	no_number: () => 'ohne Nummer, darum hinter denen mit Nummer',
	not_shown: (ending) => `${ending}-Dateien werden nicht angezeigt, sondern heruntergeladen`,
	number: (number) => `Nummer ${number} im Namen`,
	only_lesson: () => 'die einzige Lektion ihres Ordners',
	opens_folder: () => 'eröffnet ihren Ordner',
	same_number: (name) => `${name} hat dieselbe Nummer`,
	video_bytes: () => 'beginnt wie ein Video, nicht wie TypeScript',
	you_said_so: () => 'von Ihnen so gewollt'
};
