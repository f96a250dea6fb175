import { capital, plural } from './speech.ts';

export const words = {
	notes: {
		title: 'Notes',
		field: 'A note on this lesson',
		fieldAt: (place: string): string => `A note at ${place}`,
		fieldOn: (page: number): string => `A note on page ${String(page)}`,
		keeping: 'Keeping…',
		pause: 'Pause while I write',
		markdown: 'Markdown works',
		noneHere: 'Nothing noted here yet. What you write below stands at its place in the lesson, for you alone.',
		removed: 'The note is deleted.',
		mine: (n: number): string => (n === 0 ? 'They are yours alone, also when you leave a course.' : `${capital(plural(n, 'note', 'notes'))} so far. They are yours alone, also when you leave a course.`),
		searchLabel: 'Search your notes',
		found: (n: number): string => `${capital(plural(n, 'note', 'notes'))} found`,
		course: 'Course',
		allCourses: 'All courses',
		byCourse: 'By course',
		count: (n: number): string => `${String(n)} ${n === 1 ? 'note' : 'notes'}`,
		export: 'Export',
		exportCourse: (course: string): string => `Export the notes of ${course}`,
		exportTitle: 'A page for paper',
		exportText: 'Export gives you one Markdown file for each course, in the order of its lessons, with a link back to every second and page.',
		older: 'Show older notes',
		emptyTitle: 'No notes yet',
		emptyText: 'In every lesson there is a field for a note. It remembers the second or the page, and stands here too.',
		nothingTitle: (q: string): string => `Nothing about “${q}” in your notes`,
		nothingText: (q: string): string => (q.includes(' ') ? 'All the words must stand in the same note. Perhaps fewer of them?' : 'The word stands in none of them. Perhaps a shorter one?'),
		showAll: 'Show all notes'
	}
};

export type NotesWords = typeof words;
