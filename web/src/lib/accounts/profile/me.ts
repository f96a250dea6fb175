import { request } from '#lib/api/request.ts';
import type { Device, User } from '#lib/api/types.ts';

export const EXPORT = '/api/v1/auth/me/export';

export function changeName(name: string): Promise<User> {
	return request<User>('PATCH', '/auth/me', { body: { name } });
}

export function changePicture(file: File): Promise<User> {
	const form = new FormData();
	form.set('file', file);
	return request<User>('PUT', '/auth/me/picture', { body: form });
}

export function removePicture(): Promise<void> {
	return request('DELETE', '/auth/me/picture');
}

export function changePassword(current: string, wanted: string): Promise<void> {
	return request('POST', '/auth/password', { body: { current_password: current || null, new_password: wanted } });
}

export function devices(): Promise<Device[]> {
	return request<Device[]>('GET', '/auth/me/devices');
}

export function removeMe(): Promise<void> {
	return request('DELETE', '/auth/me');
}
