import type { Principal } from '@medkit/core';

/** Names of parameters whose values are nobody's matter who only reads. */
const SECRET = /pass(?:word|phrase|wd|code)|secret|token|credential|(?:api|private|access)[_.-]?key|key$/i;

/** Stands where a value is that is not shown. */
export const HIDDEN_VALUE = '(not shown)';

/** True for the name of a parameter that holds a secret, as far as a name tells. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/**
 * A parameter as somebody may see it: the value of a secret is shown to those alone who could set another one. Absent: to
 * nobody. That there is none is no secret.
 */
export function shownTo<E extends { readonly name: string; readonly value: unknown }>(
  entry: E,
  principal?: Pick<Principal, 'permissions'>,
): E {
  const isHidden = isSecretName(entry.name) && !principal?.permissions.has('configurations.write');
  return isHidden && entry.value !== null ? { ...entry, value: HIDDEN_VALUE } : entry;
}
