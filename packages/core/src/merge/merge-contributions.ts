import type { Contribution } from '../entity/contribution.ts';
import type { EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS, listOf } from '../entity/entity.ts';
import { entityIdProblem } from '../entity/entity-id.ts';
import { indexEntities } from '../entity/index-entities.ts';
import type { EntityTree } from '../entity/tree.ts';
import { equalData } from './equal.ts';
import { conflictsOf, type MergeConflict, mergeEntity, provenanceOf, type Said } from './merge-entity.ts';
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
  /** Where two authorities do not say the same. */
  readonly conflicts: readonly MergeConflict[];
  /** How often a contribution told more of an entity that another one tells of, too. */
  readonly enriched: number;
}

export interface MergeResult {
  readonly tree: EntityTree;
  readonly report: MergeReport;
}

/**
 * The tree of everything the runtimes tell: field by field, the stronger policy first, then the higher priority, then the
 * runtime's name, so the order of `contributions` never matters. The generation is one more than that of
 * `previous`, or `previous` itself comes back where no entity differs. An invalid id drops its entity; of one id given
 * twice by one contribution the first counts.
 */
export function mergeContributions(contributions: readonly Contribution[], previous?: EntityTree): MergeResult {
  const ranked = rank(contributions);
  const dropped: DroppedEntity[] = [];
  const conflicts: MergeConflict[] = [];
  let enriched = 0;
  const merged = <K extends EntityKind>(kind: K): readonly EntityOf[K][] =>
    [...gather(ranked, kind, dropped).values()].map((said) => {
      conflicts.push(...conflictsOf(said));
      enriched += said.length - 1;
      return keepOld(mergeEntity(said), previous?.get(kind, said[0].entity.id));
    });
  const lists: EntityLists = {
    areas: merged('area'),
    components: merged('component'),
    apps: merged('app'),
    functions: merged('function'),
  };
  const tree =
    previous && sameEntities(lists, previous) ? previous : indexEntities(lists, (previous?.generation ?? 0) + 1);
  const unresolved = unresolvedReferences(lists);
  return { tree, report: { dropped, unresolved, sharedIds: sharedIds(lists), conflicts, enriched } };
}

/** Which runtime gave each field of one merged entity; empty where nobody tells of it. */
export function provenance(
  contributions: readonly Contribution[],
  { kind, id }: EntityRef,
): Readonly<Record<string, string>> {
  return provenanceOf(gather(rank(contributions), kind, []).get(id) ?? []);
}

/** Contributions by priority, the highest first; those of one priority by the name of their runtime. */
export function rank(contributions: readonly Contribution[]): readonly Contribution[] {
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
    const { runtime, contributor = 'local', policies } = contribution;
    for (const entity of listOf(contribution, kind)) {
      const said = gathered.get(entity.id);
      const reason =
        entityIdProblem(entity.id) ??
        (said?.some((other) => other.runtime === runtime) ? `Given twice by ${runtime}` : undefined);
      if (reason) dropped.push({ runtime, kind, id: entity.id, reason });
      else if (said) said.push({ runtime, contributor, policies, entity });
      else gathered.set(entity.id, [{ runtime, contributor, policies, entity }]);
    }
  }
  addTo(gathered, ranked, kind);
  return gathered;
}

/** Puts what is only added behind what is told of each entity, so that it never decides who told of it. */
function addTo<K extends EntityKind>(
  gathered: ReadonlyMap<string, SaidOnce<EntityOf[K]>>,
  ranked: readonly Contribution[],
  kind: K,
): void {
  for (const { runtime, contributor = 'local', policies, additions } of ranked) {
    if (!additions) continue;
    for (const entity of listOf({ ...NO_ENTITIES, ...additions }, kind)) {
      const said = gathered.get(entity.id);
      if (said && !said.some((other) => other.runtime === runtime))
        said.push({ runtime, contributor, policies, entity });
    }
  }
}

const NO_ENTITIES: EntityLists = { areas: [], components: [], apps: [], functions: [] };

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
