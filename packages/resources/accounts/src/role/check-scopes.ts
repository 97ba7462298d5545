import {
  MAX_SCOPE_COLLECTIONS,
  MAX_SCOPE_PATTERN_LENGTH,
  MAX_SCOPE_PATTERNS,
  MAX_SCOPES,
  PERMISSIONS,
} from '@medkit/contract';
import type { EntityScope } from '@medkit/core';
import { InvalidScope } from '../refusals.ts';
import { parsePattern } from '../scope/entity-pattern.ts';
import { knownPermission } from './known-permission.ts';

const COLLECTION = /^[a-z][a-z0-9-]{0,63}$/;

/** Checks the scopes of `owner`: a role, user or key. Throws `InvalidScope` or `UnknownPermission`. */
export function checkScopes(scopes: readonly EntityScope[], owner: string): void {
  const refuse = (problem: string): never => {
    throw new InvalidScope(`the scopes of ${owner}: ${problem}`);
  };
  if (scopes.length > MAX_SCOPES) refuse(`there are ${scopes.length}, and the maximum is ${MAX_SCOPES}`);
  for (const { entities, collections, permissions } of scopes) {
    if (entities.length === 0) refuse('a scope needs entities: use ** for every entity');
    if (entities.length > MAX_SCOPE_PATTERNS) refuse(`a scope has at most ${MAX_SCOPE_PATTERNS} entities`);
    for (const pattern of entities) {
      const problem = pattern.length > MAX_SCOPE_PATTERN_LENGTH ? 'a pattern is too long' : parsePattern(pattern);
      if (typeof problem === 'string') refuse(problem);
    }
    if (collections?.length === 0 || permissions?.length === 0)
      refuse('an empty list would permit nothing: leave collections and permissions out to permit all');
    if ((collections?.length ?? 0) > MAX_SCOPE_COLLECTIONS)
      refuse(`a scope has at most ${MAX_SCOPE_COLLECTIONS} collections`);
    const wrong = collections?.find((name) => !COLLECTION.test(name));
    if (wrong !== undefined)
      refuse(`${JSON.stringify(wrong.slice(0, 80))} is no collection: use names such as faults and data`);
    if ((permissions?.length ?? 0) > Object.keys(PERMISSIONS).length) refuse('there are more permissions than exist');
    for (const name of permissions ?? []) knownPermission(name, `the scopes of ${owner}`);
  }
}
