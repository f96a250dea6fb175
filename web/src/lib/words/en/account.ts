import { capital, plural } from './speech.ts';

export const words = {
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
	}
};

export type AccountWords = typeof words;
