import { Problem } from './problem.ts';
import type { ProblemBody } from './types.ts';

const ROOT = '/api/v1';
const PATIENCE = 20_000;
const PATIENCE_WITH_FILES = 300_000;

export interface Wish {
	query?: Record<string, string | number | null | undefined>;
	/** JSON, or a form with files */
	body?: unknown;
	/** the state that a write replaces, as its ETag said it; somebody else's since then is not overwritten */
	ifMatch?: string | null;
	/** let the request outlive the page */
	keepalive?: boolean;
	signal?: AbortSignal;
}

export interface Answer<T> {
	body: T;
	headers: Headers;
}

type Listener = (problem: Problem) => void;
let onSignedOut: Listener = () => undefined;

/** The session hears here when the box no longer knows the visitor. */
export function whenSignedOut(listener: Listener): void {
	onSignedOut = listener;
}

/** The one way to the API. Throws `Problem` and nothing else. */
export async function request<T>(method: string, path: string, wish: Wish = {}): Promise<T> {
	return (await requestWithHeaders<T>(method, path, wish)).body;
}

export async function requestWithHeaders<T>(method: string, path: string, wish: Wish = {}): Promise<Answer<T>> {
	const response = await send(method, addressOf(path, wish.query), wish);
	if (response.ok) return { body: (await read(response)) as T, headers: response.headers };
	const problem = await problemOf(response);
	if (problem.status === 401 && !path.startsWith('/auth/')) onSignedOut(problem);
	throw problem;
}

function addressOf(path: string, query: Wish['query'] = {}): string {
	const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
	const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
	return ROOT + path + (text ? `?${text}` : '');
}

async function send(method: string, address: string, wish: Wish): Promise<Response> {
	const form = wish.body instanceof FormData;
	const limit = AbortSignal.timeout(form ? PATIENCE_WITH_FILES : PATIENCE);
	const init: RequestInit = {
		method,
		headers: { ...(wish.body === undefined || form ? {} : { 'Content-Type': 'application/json' }), ...(wish.ifMatch ? { 'If-Match': wish.ifMatch } : {}) },
		body: wish.body instanceof FormData ? wish.body : wish.body === undefined ? undefined : JSON.stringify(wish.body),
		keepalive: wish.keepalive,
		signal: wish.signal ? AbortSignal.any([wish.signal, limit]) : limit
	};
	try {
		return await fetch(address, init);
	} catch (thrown) {
		if (wish.signal?.aborted) throw new Problem({ status: 0, code: 'cancelled' });
		const late = thrown instanceof DOMException && thrown.name === 'TimeoutError';
		throw new Problem({ status: 0, code: late ? 'too_slow' : 'offline' });
	}
}

async function read(response: Response): Promise<unknown> {
	if (response.status === 204) return undefined;
	try {
		return await response.json();
	} catch {
		throw new Problem({ status: 502, code: 'unreadable_answer' });
	}
}

async function problemOf(response: Response): Promise<Problem> {
	const wait = Number(response.headers.get('Retry-After'));
	const body = (await response.json().catch(() => null)) as Partial<ProblemBody> | null;
	const known = { code: `http_${String(response.status)}`, ...body, status: response.status };
	return new Problem(known, Number.isFinite(wait) && wait > 0 ? wait : null);
}
