/**
 * The messages of the box's API, as its contract gives them. `npm run types` makes the same from the box's own
 * description; this file then only gives those types their short names.
 */

export type Role = 'user' | 'admin';

export interface User {
	id: string;
	email: string;
	name: string;
	role: Role;
	picture_url: string | null;
	is_active: boolean;
	created_at: string;
}

export interface Session {
	user: User | null;
}

export interface Site {
	name: string;
	registration: 'open' | 'closed';
	public_catalogue: boolean;
}

export type Difficulty = 'beginner' | 'intermediate' | 'advanced';

export interface CourseSummary {
	id: string;
	title: string;
	description: string | null;
	instructor: string | null;
	thumbnail_url: string | null;
	/** whole minutes, rounded up */
	duration: number;
	difficulty: Difficulty | null;
	category: string | null;
	status: 'draft' | 'published' | 'archived';
	content_count: number;
	/** percent */
	completion_threshold: number;
	created_by: string | null;
	created_at: string;
	updated_at: string;
}

export interface Attachment {
	id: string;
	title: string;
	path: string;
	/** bytes */
	size: number;
	media_type: string;
	url: string;
}

export type ContentType = 'video' | 'audio' | 'presentation' | 'document' | 'file';
export type ContentStatus = 'pending' | 'processing' | 'ready' | 'failed';

export interface ContentFacts {
	/** inside the folder that the course was made from */
	path?: string;
	/** how many, when known */
	pages?: number;
	[name: string]: unknown;
}

export interface Content {
	id: string;
	course_id: string;
	section_id: string | null;
	type: ContentType;
	title: string;
	description: string | null;
	file_url: string;
	/** bytes */
	file_size: number | null;
	/** seconds */
	duration: number | null;
	order_index: number;
	is_preview: boolean;
	is_archived: boolean;
	status: ContentStatus;
	error: string | null;
	attachments: Attachment[];
	metadata: ContentFacts;
	created_at: string;
	updated_at: string;
}

export interface Section {
	id: string;
	title: string;
	attachments: Attachment[];
	contents: Content[];
}

export interface Course extends CourseSummary {
	sections: Section[];
	attachments: Attachment[];
}

export interface Enrollment {
	course_id: string;
	enrolled_at: string;
	completed_at: string | null;
	progress_percentage: number;
}

/** Seconds are half-open; pages count from 1 and include both ends. */
export type Span = [start: number, end: number];

export interface Progress {
	content_id: string;
	/** a second, or a page */
	position: number;
	watched: Span[];
	progress_percentage: number;
	completed: boolean;
	updated_at: string | null;
}

export interface CourseProgress {
	course_id: string;
	progress_percentage: number;
	completed: boolean;
	contents: Progress[];
}

export interface ProgressReport {
	position?: number;
	watched?: Span[];
	completed?: boolean;
	at?: string;
}

export interface CaptionLink {
	language: string;
	label: string;
	url: string;
}

export interface PageLinks {
	count: number;
	pdf_url: string | null;
	text_url: string | null;
}

export interface Playback {
	content_id: string;
	type: ContentType;
	duration: number | null;
	hls_url: string | null;
	dash_url: string | null;
	source_url: string | null;
	poster_url: string | null;
	storyboard_url: string | null;
	chapters_url: string | null;
	captions: CaptionLink[];
	pages: PageLinks | null;
	expires_at: string;
}

export interface TextPage {
	number: number;
	title: string | null;
	html: string | null;
	text: string;
	notes: string | null;
}

/** The file behind `pages.text_url`. */
export interface TextFile {
	/** what relative addresses inside the html are relative to */
	base: 'course' | 'build';
	outline: { title: string; page: number; level: number }[];
	pages: TextPage[];
}

export interface ShelfCourse {
	course: CourseSummary;
	progress_percentage: number;
	completed: boolean;
	next_content_id: string | null;
	done: number;
	total: number;
}

export interface Dashboard {
	continue: { course: CourseSummary; content: Content; progress: Progress } | null;
	courses: ShelfCourse[];
	notes: Note[];
}

export interface Note {
	id: string;
	course_id: string;
	content_id: string | null;
	title: string;
	content: string;
	/** a second, or a page */
	at: number | null;
	created_at: string;
	updated_at: string;
}

export interface NoteDraft {
	course_id: string;
	content_id?: string | null;
	title: string;
	content: string;
	at?: number | null;
}

export interface FieldProblem {
	field: string;
	code: string;
	message: string;
}

/** RFC 9457: the one shape of everything that goes wrong. */
export interface ProblemBody {
	type: string;
	title: string;
	status: number;
	detail: string;
	code: string;
	errors?: FieldProblem[] | null;
	request_id: string;
}
