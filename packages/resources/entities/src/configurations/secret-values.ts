import type { Principal } from '@medkit/core';

/** Names of parameters whose values are hidden from clients with read permission only. */
const SECRET = /pass(?:word|phrase|wd|code)|secret|token|credential|(?:api|private|access)[_.-]?key|key$/i;

/** Placeholder for a hidden value. */
export const HIDDEN_VALUE = '(not shown)';

/** Returns whether a parameter holds a secret, judged by its name. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/**
 * Hides the value of a secret parameter unless the principal may write configurations. Without a principal, hides it
 * always. An unset value is not hidden.
 */
export function maskSecret<E extends { readonly name: string; readonly value: unknown }>(
  entry: E,
  principal?: Pick<Principal, 'permissions'>,
): E {
  const isHidden = isSecretName(entry.name) && !principal?.permissions.has('configurations.write');
  return isHidden && entry.value !== null ? { ...entry, value: HIDDEN_VALUE } : entry;
}
