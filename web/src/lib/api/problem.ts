import type { FieldProblem, ProblemBody } from './types.ts';

/** What went wrong with a request, whoever noticed it: the box, the line, or nobody in time. */
export class Problem extends Error {
	readonly status: number;
	readonly code: string;
	readonly errors: FieldProblem[];
	readonly requestId: string | null;
	/** seconds, when the box asks for patience */
	readonly retryAfter: number | null;

	constructor(body: Partial<ProblemBody> & { status: number; code: string }, retryAfter: number | null = null) {
		super(body.detail ?? body.title ?? body.code);
		this.name = 'Problem';
		this.status = body.status;
		this.code = body.code;
		this.errors = body.errors ?? [];
		this.requestId = body.request_id ?? null;
		this.retryAfter = retryAfter;
	}

	/** True when the same request may well succeed later, unchanged. */
	get passes(): boolean {
		return this.status === 0 || this.status === 429 || this.status >= 500;
	}
}

export function asProblem(thrown: unknown): Problem {
	if (thrown instanceof Problem) return thrown;
	const detail = thrown instanceof Error ? thrown.message : String(thrown);
	return new Problem({ status: -1, code: 'page_failed', detail });
}
