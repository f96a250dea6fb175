import type { Problem } from '#lib/api/problem.ts';
import type { FieldProblem } from '#lib/api/types.ts';
import { t } from './words.svelte.ts';

export interface FailureWords {
	title: string;
	text: string;
	/** worth trying the same again */
	again: boolean;
	/** what an admin can look up */
	reference?: string;
}

/** The one place where a problem becomes words. */
export function failureWords(problem: Problem): FailureWords {
	const words = t().problems;
	if (problem.code === 'too_slow') return { ...words.tooSlow, again: true };
	if (problem.status === 0) return { ...words.offline, again: true };
	if (problem.status === 429) return { ...words.tooMany(Math.ceil(problem.retryAfter ?? 30)), again: true };
	if (problem.status === 401) return { ...words.signedOut, again: false };
	if (problem.status === 403 || problem.status === 404) return { ...words.notHere, again: false };
	if (problem.status >= 500 && problem.requestId) return { ...words.ours, again: true, reference: problem.requestId };
	if (problem.status >= 500 || problem.status < 0) return { ...words.oursPlain, again: true };
	return { title: words.refused.title, text: words.said(problem.code, problem.message || words.refused.text), again: true };
}

/** What is wrong with one field. */
export function fieldWords({ field, code, message }: FieldProblem): string {
	const { said } = t().problems;
	return said(`${field}.${code}`, said(code, message));
}
