import { type EntityRef, type EntityTree, isLocal, LOCAL, type Warning } from '@medkit/core';

/** Maximum ids in the data of one warning, and in its message. */
const IDS_IN_A_WARNING = 100;
const IDS_IN_A_SENTENCE = 3;

/**
 * Returns why the triggers, locks and subscriptions of a local entity are dormant, or `undefined` if they are not. They
 * are dormant while an entity of another gateway has the id, which they must neither observe nor lock. They resume when
 * the local entity has the id again. If no entity has the id, they are not dormant.
 */
export function dormancy(tree: EntityTree, { kind, id }: EntityRef): string | undefined {
  const entity = tree.get(kind, id);
  if (!entity || isLocal(entity)) return undefined;
  return `It is dormant: the ${kind} ${id} now belongs to the gateway ${entity.origin}, and the ${kind} of this gateway is not available`;
}

/** A stored object of an entity, by the entity's public id. */
export interface StoredObject {
  readonly name: string;
  readonly entity: EntityRef;
}

/** Returns the health warnings about dormant objects: one for each gateway whose entities have the ids. */
export function dormancyWarnings(tree: EntityTree, stored: readonly StoredObject[]): readonly Warning[] {
  const sleeping = stored.filter(({ entity }) => dormancy(tree, entity) !== undefined);
  const byOrigin = Map.groupBy(sleeping, ({ entity: { kind, id } }) => tree.get(kind, id)?.origin ?? LOCAL);
  return Array.from(byOrigin, ([origin, things]): Warning => {
    const named = things
      .slice(0, IDS_IN_A_SENTENCE)
      .map(({ name, entity: { kind, id } }) => `${name} of ${kind} ${id}`);
    const more = things.length > named.length ? ` and ${things.length - named.length} more` : '';
    const ids = [...new Set(things.map(({ entity }) => entity.id))];
    return {
      code: 'entity_id_taken',
      message: `${named.join(', ')}${more} are dormant: an entity of the gateway ${origin} now has the id. They resume when the entity of this gateway is available again; X-Medkit-No-Fan-Out: 1 reaches them.`,
      entityIds: ids.slice(0, IDS_IN_A_WARNING),
      peerNames: [origin],
    };
  });
}
