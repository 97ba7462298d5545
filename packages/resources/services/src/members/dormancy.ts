import { type EntityRef, type EntityTree, isLocal, LOCAL, type Warning } from '@medkit/core';

/** Ids that one warning lists, and those that stand in its sentence. */
const IDS_IN_A_WARNING = 100;
const IDS_IN_A_SENTENCE = 3;

/**
 * Why what is kept here for an entity of this gateway has to sleep: its id is that of an entity of another gateway now, which
 * it must neither observe nor close. It wakes when the id is that of its own entity again. `undefined` where it need not
 * sleep, also while nothing has the id.
 */
export function dormancy(tree: EntityTree, { kind, id }: EntityRef): string | undefined {
  const entity = tree.get(kind, id);
  if (!entity || isLocal(entity)) return undefined;
  return `It sleeps: the ${kind} ${id} is of the gateway ${entity.origin} now, and that of this gateway is not there`;
}

/** What is kept for an entity, by the id that clients know it by. */
export interface KeptThing {
  readonly name: string;
  readonly entity: EntityRef;
}

/** What health tells a person of what sleeps: a warning for each gateway whose entities have the ids. */
export function dormancyWarnings(tree: EntityTree, kept: readonly KeptThing[]): readonly Warning[] {
  const sleeping = kept.filter(({ entity }) => dormancy(tree, entity) !== undefined);
  const byOrigin = Map.groupBy(sleeping, ({ entity: { kind, id } }) => tree.get(kind, id)?.origin ?? LOCAL);
  return Array.from(byOrigin, ([origin, things]): Warning => {
    const named = things
      .slice(0, IDS_IN_A_SENTENCE)
      .map(({ name, entity: { kind, id } }) => `${name} of ${kind} ${id}`);
    const more = things.length > named.length ? ` and ${things.length - named.length} more` : '';
    const ids = [...new Set(things.map(({ entity }) => entity.id))];
    return {
      code: 'entity_id_taken',
      message: `${named.join(', ')}${more} sleep: what has the id is of the gateway ${origin} now. They go on when that of this gateway is back; X-Medkit-No-Fan-Out: 1 reaches them.`,
      entityIds: ids.slice(0, IDS_IN_A_WARNING),
      peerNames: [origin],
    };
  });
}
