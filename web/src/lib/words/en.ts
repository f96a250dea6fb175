import { hoursAndMinutes, inWords } from './numbers.ts';

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const count = (n: number): string => inWords(n, small, 'en');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`;
const figures = (n: number, one: string, many: string): string => `${String(n)} ${n === 1 ? one : many}`;

/** A length as a row says it: "3 h 10 min". */
const span = (minutes: number): string => {
	const { hours, rest } = hoursAndMinutes(minutes);
	if (hours === 0) return `${String(rest)} min`;
	return rest === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(rest)} min`;
};

/** What is left, as a sentence says it: "twelve minutes". */
const left = (seconds: number): string => {
	if (seconds < 50) return 'less than a minute';
	const minutes = Math.ceil(seconds / 60);
	return minutes < 60 ? plural(minutes, 'minute', 'minutes') : span(minutes);
};

const time = (seconds: number): string => {
	const whole = Math.floor(seconds);
	const { hours, rest } = hoursAndMinutes(Math.floor(whole / 60));
	const parts = [hours && figures(hours, 'hour', 'hours'), rest && figures(rest, 'minute', 'minutes')];
	return [...parts, figures(whole % 60, 'second', 'seconds')].filter(Boolean).join(' ');
};

export const en = {
	span,
	/** for those who hear it: "18 minutes 42 seconds" */
	time,
	size: (amount: string, unit: string): string => `${amount} ${unit}`,
	pages: (n: number): string => figures(n, 'page', 'pages'),
	today: 'today',
	yesterday: 'yesterday',

	act: {
		tryAgain: 'Try again',
		goHome: 'Go home',
		signIn: 'Sign in',
		signOut: 'Sign out',
		cancel: 'Cancel',
		close: 'Close',
		back: 'Back'
	},
	state: {
		loading: 'Loading',
		offline: 'You are offline. Keep going: what you watch is kept here and sent when the line is back.',
		waiting: (n: number): string => `${figures(n, 'thing', 'things')} waiting`,
		backOnline: 'Back online. Everything is saved.'
	},
	frame: {
		skip: 'Go to the content',
		main: 'Main',
		mainFoot: 'Main, at the foot',
		home: 'Home',
		catalogue: 'Catalogue',
		search: 'Search the catalogue',
		account: (initials: string, name: string): string => `${initials}, ${name}: your account`,
		language: 'Language',
		theme: 'Theme',
		themes: { system: 'as the system', light: 'light', dark: 'dark' },
		pageTitle: (page: string, site: string): string => `${page} · ${site}`
	},
	account: {
		email: 'E-mail',
		password: 'Password',
		name: 'Your name',
		nameHelp: 'As others here should see it.',
		newPassword: 'New password',
		newPasswordHelp: 'Eight characters or more; four plain words are fine.',
		showPassword: 'Show the password',
		welcomeBack: 'Welcome back',
		welcomeBackText: 'Sign in and go on where you stopped.',
		signingIn: 'Signing in…',
		slogan: 'Courses for everyone in the house.',
		forgot: 'Forgot your password? Ask the person who runs this place for a new link.',
		newHere: 'New here?',
		makeAccount: 'Make an account',
		register: 'Make an account',
		registerText: 'A name, an e-mail and a password, and the shelf is yours.',
		registering: 'Making your account…',
		haveAccount: 'Been here before?',
		linkTitle: 'One moment',
		linkText: 'Your link is being opened.',
		linkSpent: 'This link no longer works',
		linkSpentText: 'A link works once and for a limited time. Sign in, or ask for a new one.',
		linkMissing: 'Something is missing at the end of this link. Copy the whole of it, please.',
		linkReady: 'Welcome',
		linkReadyText: 'This link signs you in on this device.',
		setPassword: 'Choose a password',
		setPasswordText: 'You will sign in with your e-mail and this password from now on.',
		savingPassword: 'Saving…',
		savePassword: 'Save and sign in',
		firstAdmin: 'Make this box yours',
		firstAdminText: 'You are the first one here. This account looks after everything.',
		signedInAs: (name: string): string => `Signed in as ${name}`,
		wrong: 'That e-mail and password do not belong together. Have another look?',
		emailNeeded: 'Please write your e-mail address here.',
		passwordNeeded: 'Please write your password here.',
		tooShort: (n: number): string =>
			n === 0 ? 'Eight characters or more, please.' : `${capital(plural(n, 'character', 'characters'))} so far. Eight or more, please.`
	},
	home: {
		title: 'Home',
		greeting: (hour: number, name: string): string =>
			`Good ${hour < 5 ? 'evening' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'}, ${name}. You were here:`,
		nextFor: (name: string): string => `Next for you, ${name}:`,
		stoppedAt: (place: string, seconds: number): string => `You stopped at ${place}. ${capital(left(seconds))} to go.`,
		stoppedOnPage: (page: number, of: number): string => `You stopped on page ${String(page)} of ${String(of)}.`,
		notBegun: 'Not begun yet.',
		continue: 'Continue',
		allLessons: 'All lessons',
		shelf: 'On your shelf',
		another: 'Find another course',
		emptyTitle: 'Your shelf is empty',
		emptyText: 'Pick a course and it will stand here, with your place kept to the second.',
		look: 'Look through the catalogue',
		fresh: 'New in the house',
		lessonsOf: (done: number, total: number): string => `${String(done)} of ${figures(total, 'lesson', 'lessons')}`,
		finished: 'Finished',
		donePercent: (percent: number): string => `${String(percent)} % done`
	},
	catalogue: {
		title: 'Catalogue',
		open: (n: number): string =>
			n === 0 ? 'No course is open to you yet.' : `${capital(plural(n, 'course is', 'courses are'))} open to you.`,
		searchLabel: 'Search the catalogue',
		searchHint: 'Title, teacher or subject',
		level: 'Level',
		anyLevel: 'Any level',
		order: 'Order',
		orders: { newest: 'Newest first', title: 'By title' },
		subjects: 'Subjects',
		all: 'All',
		courses: 'All courses',
		found: (n: number): string => `${plural(n, 'course', 'courses')} found`,
		nothingTitle: (q: string): string => `Nothing about “${q}”`,
		nothingPlain: 'Nothing here',
		nothingText: 'Not in a title, a teacher or a subject. Perhaps a shorter word?',
		nothingYet: 'The first course has yet to be brought in. Have a look again soon.',
		showAll: 'Show all courses',
		more: 'Show more'
	},
	difficulty: { beginner: 'beginner', intermediate: 'intermediate', advanced: 'advanced' },
	course: {
		lessons: (n: number): string => figures(n, 'lesson', 'lessons'),
		draft: 'Draft: only admins see it',
		archived: 'Archived',
		contents: 'Contents',
		files: 'Files',
		sectionFiles: (section: string): string => `Files of ${section}`,
		doneOf: (done: number, total: number): string => `${String(done)} of ${String(total)} done`,
		lessonsDone: (done: number, total: number): string => `${String(done)} of ${figures(total, 'lesson', 'lessons')} done`,
		toGo: (minutes: number): string => `${span(minutes)} to go`,
		allDone: 'All of it is done. Well read.',
		enroll: 'Enroll',
		enrolling: 'Enrolling…',
		enrollNote: 'You can leave whenever you like; your place stays yours.',
		signInToEnroll: 'Sign in to enroll',
		start: 'Start',
		continue: 'Continue',
		continueAt: (place: string): string => `Continue at ${place}`,
		continuePage: (page: number): string => `Continue on page ${String(page)}`,
		lookAgain: 'Look at it again',
		watchFirst: 'Have a look at the free lesson',
		leave: 'Leave the course',
		leaveTitle: 'Leave the course?',
		leaveText: 'It goes from your shelf. Your notes and your place are kept, in case you come back.',
		stay: 'Stay',
		leaveAct: 'Leave',
		stoppedAt: (place: string, seconds: number): string => `You stopped at ${place}. ${capital(left(seconds))} to go.`,
		onPage: (page: number): string => `You are on page ${String(page)}`,
		free: 'Free to watch',
		notReady: 'Being made ready',
		failed: 'Could not be made ready',
		kinds: { video: 'Video', audio: 'Sound', presentation: 'Slides', document: 'Reading', file: 'File' },
		marks: { done: 'Done', started: 'Started', here: 'You are here', open: 'Not started', locked: 'For enrolled learners' },
		empty: 'There are no lessons in this course yet.',
		by: (name: string): string => `by ${name}`
	},
	lesson: {
		contents: 'Contents',
		aroundLabel: 'Lessons before and after',
		before: 'Before',
		next: 'Next',
		nextWith: (length: string): string => `Next, ${length}`,
		markDone: 'Mark as done',
		markedDone: 'Done',
		markOpen: 'Not done after all',
		readThis: 'I have read this',
		autoAdvance: 'Go on to the next lesson by itself',
		watched: (percent: number): string => `Watched, ${String(percent)} %`,
		notYet: 'Not yet:',
		gap: (from: string, to: string): string => `${from} to ${to}`,
		gapToEnd: (from: string): string => `${from} to the end`,
		beside: 'Beside the lesson',
		transcript: 'Transcript',
		searchTranscript: 'Search what is said',
		said: (n: number): string => `${plural(n, 'place', 'places')} found`,
		backToNow: 'Back to now',
		files: 'Files',
		belongs: 'This lesson belongs to a course',
		belongsText: (course: string): string => `Enroll in ${course} to open it. It takes one click and you can leave whenever you like.`,
		signInFirst: (course: string): string => `Sign in to open it; it belongs to ${course}.`,
		notReadyTitle: { video: 'This video is being made ready', audio: 'This recording is being made ready', other: 'This lesson is being made ready' },
		notReadyText: 'The page will notice by itself.',
		failedTitle: 'This lesson could not be made ready',
		failedText: 'The one who looks after the course has been told why.',
		download: 'Download',
		downloadSize: (size: string): string => `Download, ${size}`,
		fileText: 'This file opens outside the browser. Download it, and mark it as done when you have seen it.',
		onThisPage: 'On this page',
		copyCode: 'Copy the code',
		copied: 'Copied',
		table: 'Table',
		section: (title: string): string => title
	},
	player: {
		label: 'Player',
		play: 'Play (k)',
		pause: 'Pause (k)',
		again: 'Play again (k)',
		back: 'Ten seconds back (j)',
		forward: 'Ten seconds on (l)',
		seek: 'Seek',
		at: (now: string, end: string): string => `${now} of ${end}`,
		mute: 'Mute (m)',
		unmute: 'Sound on (m)',
		volume: 'Volume',
		percent: (n: number): string => `${String(n)} %`,
		speed: (rate: string): string => `Speed, now ${rate}`,
		speedMenu: 'Speed',
		rate: (rate: string): string => `${rate}×`,
		captions: 'Captions (c)',
		captionsMenu: 'Captions',
		captionsOff: 'Off',
		settings: 'Quality and more',
		quality: 'Quality',
		auto: 'As the line allows',
		autoNow: (height: string): string => `As the line allows, now ${height}`,
		height: (n: number): string => `${String(n)}p`,
		pip: 'Picture in picture',
		theatre: 'Wide (t)',
		full: 'Full screen (f)',
		leaveFull: 'Leave full screen (f)',
		keyboard: 'Keyboard',
		waiting: 'One moment, the line is slow',
		failed: 'This video does not play',
		failedText: 'The line may be gone, or this browser cannot play it. Your place is kept.',
		notPlayable: 'This browser cannot play it.',
		keys: [
			['Space, k', 'play and pause'],
			['j, l', 'ten seconds back and on'],
			['← →', 'five seconds back and on'],
			['↑ ↓', 'louder and quieter'],
			['0 to 9', 'to that tenth'],
			['< >', 'slower and faster'],
			['c', 'captions'],
			['m', 'mute'],
			['f', 'full screen'],
			['t', 'wide']
		] as [string, string][]
	},
	reader: {
		toolbar: 'Pages',
		pages: 'Pages',
		page: 'Page',
		pageOf: (n: number): string => `of ${String(n)}`,
		before: 'Page before',
		next: 'Next page',
		smaller: 'Smaller',
		larger: 'Larger',
		fit: 'Fit the width',
		zoom: (percent: number): string => `${String(percent)} %`,
		seen: (n: number, of: number): string => `${String(n)} of ${String(of)} seen`,
		goTo: (n: number): string => `Page ${String(n)}`,
		slide: (n: number): string => `Slide ${String(n)}`,
		place: 'Your place',
		download: (size: string): string => `Download the file, ${size}`,
		outline: 'Outline',
		notes: 'Speaker’s notes',
		failed: 'This document does not open here. You can still download it.',
		locked: 'This document asks for a password. Download it to open it.'
	},
	problems: {
		notHere: { title: 'This page is not here', text: 'It may have moved, or it is not open to your account. Your courses are where they were.' },
		signedOut: { title: 'Please sign in', text: 'You have been signed out, or were never in. Nothing of yours is lost.' },
		offline: { title: 'You are offline', text: 'This needs the line. Everything you did is kept.' },
		tooSlow: { title: 'No answer yet', text: 'The line is slow or the box is busy. Nothing of yours is lost.' },
		tooMany: (seconds: number): { title: string; text: string } => ({ title: 'That was quick', text: `Please wait ${String(seconds)} seconds, then try again.` }),
		ours: { title: 'Something went wrong on our side', text: 'Nothing of yours is lost. Try again; if it stays like this, tell your admin this number:' },
		oursPlain: { title: 'Something went wrong', text: 'Nothing of yours is lost. Try again, please.' },
		refused: { title: 'That did not work', text: 'Have another look at what was sent, please.' }
	}
};

export type Words = typeof en;
