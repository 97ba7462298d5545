import type { ApiKeyCreateRequest } from '@medkit/contract';

/** Selectable lifetimes in days; 0 stands for a key that never expires. */
export const LIFETIMES = [30, 90, 365, 0] as const;
export const DEFAULT_DAYS = 90;

/** Returns the request for a new key from the form: `name`, `role`, `days`, `permission` and `password`. */
export function keyRequest(form: FormData, role: string): ApiKeyCreateRequest {
  const text = (name: string): string => String(form.get(name) ?? '');
  const days = Number(text('days'));
  const permissions = form.getAll('permission').map(String);
  return {
    name: text('name').trim(),
    role,
    ...(days === 0 ? { never_expires: true } : { expires_in_days: days }),
    ...(permissions.length > 0 && { permissions }),
    ...(text('password') !== '' && { password: text('password') }),
  };
}
