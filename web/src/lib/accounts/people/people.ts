import { Problem } from '#lib/api/problem.ts';
import { request } from '#lib/api/request.ts';
import type { OneTimeLink, Role, User } from '#lib/api/types.ts';
import { failureWords } from '#lib/words/problems.ts';
import { t } from '#lib/words/words.svelte.ts';

export const PAGE = 20;
export const roles: Role[] = ['user', 'admin'];

export interface Invitation {
	email: string;
	name: string;
	role: Role;
}

export const nameOf = (person: Pick<User, 'name' | 'email'>): string => person.name || person.email;

/** Makes the account; the link that lets them in is asked for apart, so that it can be asked for again. */
export function addPerson(invitation: Invitation): Promise<User> {
	return request<User>('POST', '/users', { body: invitation });
}

export function changePerson(id: string, changes: Partial<Pick<User, 'name' | 'email' | 'role' | 'is_active'>>): Promise<User> {
	return request<User>('PATCH', `/users/${id}`, { body: changes });
}

export function removePerson(id: string): Promise<void> {
	return request('DELETE', `/users/${id}`);
}

export function makeLink(id: string): Promise<OneTimeLink> {
	return request<OneTimeLink>('POST', `/users/${id}/link`, { body: { purpose: 'set-password' } });
}

/** Why somebody could not be changed, in the language of the page. */
export function refusalOf(problem: Problem): string {
	if (problem.code === 'last_admin') return t().people.lastAdmin;
	const words = failureWords(problem);
	return `${words.title}. ${words.text}`;
}
