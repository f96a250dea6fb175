/**
 * Short names for the messages of the box's API. They come from its own description (`npm run types`); only the
 * files that it serves as media, and what stands in free fields, are written here.
 */

import type { components } from './generated.ts';

type Messages = components['schemas'];

export type User = Messages['UserView'];
export type Role = User['role'];
export type Session = Messages['SessionView'];
export type Site = Messages['SiteView'];

export type CourseSummary = Messages['CourseView'];
export type Difficulty = CourseSummary['difficulty'];
export type Attachment = Messages['AttachmentView'];

export interface ContentFacts {
	/** inside the folder that the course was made from */
	path?: string;
	/** how many, when known */
	pages?: number;
}

export type Content = Omit<Messages['ContentView'], 'metadata'> & { metadata: ContentFacts };
export type Section = Omit<Messages['SectionView'], 'contents'> & { contents: Content[] };
export type Course = Omit<Messages['CoursePage'], 'sections'> & { sections: Section[] };
export type ContentType = Content['type'];
export type ContentStatus = Content['status'];

export type Enrollment = Messages['EnrollmentView'];
export type Progress = Messages['ProgressView'];
export type CourseProgress = Messages['CourseProgress'];
export type ProgressReport = Partial<Messages['ProgressReport']>;
/** Seconds are half-open; pages count from 1 and include both ends. */
export type Span = Progress['watched'][number];

export type CaptionLink = Messages['CaptionView'];
export type PageLinks = Messages['PagesView'];
export type Playback = Messages['PlaybackView'];

export type ShelfCourse = Messages['CourseOnShelf'];
export type Place = Omit<Messages['Continue'], 'content'> & { content: Content };
export type Dashboard = Omit<Messages['Dashboard'], 'continue'> & { continue: Place | null };
export type Note = Messages['NoteView'];
export type NoteDraft = Messages['NoteDraft'];
export type PlacedNote = Messages['PlacedNote'];
export type CourseWithNotes = Messages['CourseWithNotes'];
export type Device = Messages['DeviceView'];

export type Overview = Messages['OverviewView'];
export type Week = Messages['WeekView'];
export type CourseTotals = Messages['CourseTotals'];
export type Learner = Messages['LearnerView'];
export type CourseOfLearner = Messages['CourseOfLearner'];
export type CaptionFile = Messages['CaptionFile'];
export type Job = Messages['JobView'];
export type JobState = Job['state'];
export type Settings = Messages['SettingsView'];
export type OneTimeLink = Messages['LinkView'];
export type FolderImport = Messages['ImportView'];
export type FolderImportPage = Messages['ImportPage'];
export type FolderPlan = Messages['PlanView'];
/** why the box leaves a file out */
export type LeftOutCode = FolderPlan['ignored'][number]['code'];
/** why the box gives a lesson its place */
export type ReasonCode = Messages['ReasonPlan']['code'];
export type Confidence = Messages['ContentPlan']['confidence'];
export type CourseStatus = CourseSummary['status'];

export type FieldProblem = Messages['FieldProblem'];
export type ProblemBody = Messages['Problem'];

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
