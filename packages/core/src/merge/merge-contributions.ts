import type { Contribution } from '../entity/contribution.ts';
import type { EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS, listOf } from '../entity/entity.ts';
import { entityIdProblem } from '../entity/entity-id.ts';
import { indexEntities } from '../entity/index-entities.ts';
import type { EntityTree } from '../entity/tree.ts';
import { equalData } from './equal.ts';
import { mergeEntity, provenanceOf, type Said } from './merge-entity.ts';
import { type UnresolvedReference, unresolvedReferences } from './references.ts';

/** An entity that a contribution told of and the tree does not have. */
export interface DroppedEntity extends EntityRef {
  readonly runtime: string;
  readonly reason: string;
}

/** What a merge found that somebody should know about. */
export interface MergeReport {
  readonly dropped: readonly DroppedEntity[];
  readonly unresolved: readonly UnresolvedReference[];
  /** Ids that entities of more than one kind have. Allowed, but `kindsOf` answers with several. */
  readonly sharedIds: readonly string[];
}

export interface MergeResult {
  readonly tree: EntityTree;
  readonly report: MergeReport;
}

/**
 * The tree of everything the runtimes tell: field by field, the higher priority first and the runtime's name where
 * priorities are equal, so the order of `contributions` never matters. The generation is one more than that of
 * `previous`, or `previous` itself comes back where no entity differs. An invalid id drops its entity; of one id given
 * twice by one contribution the first counts.
 */
export function mergeContributions(contributions: readonly Contribution[], previous?: EntityTree): MergeResult {
  const ranked = rank(contributions);
  const dropped: DroppedEntity[] = [];
  const merged = <K extends EntityKind>(kind: K): readonly EntityOf[K][] =>
    [...gather(ranked, kind, dropped).values()].map((said) =>
      keepOld(mergeEntity(said), previous?.get(kind, said[0].entity.id)),
    );
  const lists: EntityLists = {
    areas: merged('area'),
    components: merged('component'),
    apps: merged('app'),
    functions: merged('function'),
  };
  const tree =
    previous && sameEntities(lists, previous) ? previous : indexEntities(lists, (previous?.generation ?? 0) + 1);
  return { tree, report: { dropped, unresolved: unresolvedReferences(lists), sharedIds: sharedIds(lists) } };
}

/** Which runtime gave each field of one merged entity; empty where nobody tells of it. */
export function provenance(
  contributions: readonly Contribution[],
  { kind, id }: EntityRef,
): Readonly<Record<string, string>> {
  return provenanceOf(gather(rank(contributions), kind, []).get(id) ?? []);
}

function rank(contributions: readonly Contribution[]): readonly Contribution[] {
  return [...contributions].sort(
    (a, b) => b.priority - a.priority || (a.runtime < b.runtime ? -1 : a.runtime > b.runtime ? 1 : 0),
  );
}

type SaidOnce<E extends EntityOf[EntityKind]> = [Said<E>, ...Said<E>[]];

function gather<K extends EntityKind>(
  ranked: readonly Contribution[],
  kind: K,
  dropped: DroppedEntity[],
): Map<string, SaidOnce<EntityOf[K]>> {
  const gathered = new Map<string, SaidOnce<EntityOf[K]>>();
  for (const contribution of ranked) {
    const { runtime, contributor = 'local' } = contribution;
    for (const entity of listOf(contribution, kind)) {
      const said = gathered.get(entity.id);
      const reason =
        entityIdProblem(entity.id) ??
        (said?.some((other) => other.runtime === runtime) ? `Given twice by ${runtime}` : undefined);
      if (reason) dropped.push({ runtime, kind, id: entity.id, reason });
      else if (said) said.push({ runtime, contributor, entity });
      else gathered.set(entity.id, [{ runtime, contributor, entity }]);
    }
  }
  return gathered;
}

/** The object of the last tree where nothing differs, so that whoever caches by entity keeps its work. */
function keepOld<E>(entity: E, old: E | undefined): E {
  return old !== undefined && equalData(entity, old) ? old : entity;
}

function sameEntities(lists: EntityLists, tree: EntityTree): boolean {
  return ENTITY_KINDS.every((kind) => {
    const now = listOf(lists, kind);
    return now.length === tree.all(kind).length && now.every((entity) => tree.get(kind, entity.id) === entity);
  });
}

function sharedIds(lists: EntityLists): readonly string[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const kind of ENTITY_KINDS) {
    for (const { id } of listOf(lists, kind)) {
      if (seen.has(id)) shared.add(id);
      seen.add(id);
    }
  }
  return [...shared].sort();
}
