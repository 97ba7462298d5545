import { type Contribution, ENTITY_KINDS, listOf, type Warning } from '@medkit/core';

/** Maximum claims that the warning lists; the rest are counted. */
const CLAIMS_IN_A_SENTENCE = 10;

/** Warns of entities that several plugins claim. `contributions` are in load order. */
export function claimConflicts(contributions: readonly Contribution[]): readonly Warning[] {
  const owners = new Map<string, { readonly id: string; readonly runtimes: string[] }>();
  for (const contribution of contributions) {
    for (const kind of ENTITY_KINDS) {
      for (const { id } of listOf(contribution, kind)) {
        const key = `${kind} ${id}`;
        const owner = owners.get(key) ?? { id, runtimes: [] };
        owners.set(key, owner);
        owner.runtimes.push(contribution.runtime);
      }
    }
  }
  const shared = [...owners].filter(([, { runtimes }]) => new Set(runtimes).size > 1);
  if (shared.length === 0) return [];
  const listed = shared.slice(0, CLAIMS_IN_A_SENTENCE);
  const claims = listed.map(([entity, { runtimes }]) => `${entity} (${runtimes.join(', ')})`).join('; ');
  const more = shared.length > listed.length ? `; and ${shared.length - listed.length} more` : '';
  const message = `Several plugins declare the same entity; the plugin that was loaded last serves it: ${claims}${more}`;
  return [{ code: 'entity_claimed_twice', message, entityIds: listed.map(([, { id }]) => id) }];
}
