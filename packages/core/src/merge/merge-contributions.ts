import type { Contribution } from '../entity/contribution.ts';
import type { Entity, EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS, listOf } from '../entity/entity.ts';
import { indexEntities } from '../entity/index-entities.ts';
import type { EntityTree } from '../entity/tree.ts';
import { equalData } from './equal.ts';
import { type AttributedContribution, attribute, changedIds, type DroppedEntity, gather } from './gather.ts';
import { conflictsOf, type EntityReport, type MergeConflict, mergeEntity, provenanceOf } from './merge-entity.ts';
import { hasReferenceTo, type Reference, referencesOf, type UnresolvedReference, unresolved } from './references.ts';

/** Findings of a merge for operators. */
export interface MergeReport {
  readonly dropped: readonly DroppedEntity[];
  readonly unresolved: readonly UnresolvedReference[];
  /** Ids shared by entities of several kinds. Allowed, but `kindsOf` returns more than one kind for them. */
  readonly sharedIds: readonly string[];
  /** Disagreements between authoritative contributions. */
  readonly conflicts: readonly MergeConflict[];
  /** How often a contribution added to an entity that another contribution also reports. */
  readonly enriched: number;
}

export interface MergeResult {
  readonly tree: EntityTree;
  readonly report: MergeReport;
  /** State that the next merge reuses. */
  readonly memory: MergeMemory;
}

/** The contributions of a merge and the entities made from them. */
interface MergeMemory {
  readonly attributed: readonly AttributedContribution[];
  readonly merged: MergedEntities;
}

/** Sorted by id. */
type MergedEntities = { readonly [K in EntityKind]: readonly MergedEntity<EntityOf[K]>[] };

/** An entity with everything that follows from its contributions alone. */
interface MergedEntity<E extends Entity> {
  readonly entity: E;
  /** Number of contributions that describe the entity. */
  readonly reporterCount: number;
  readonly conflicts: readonly MergeConflict[];
  readonly references: readonly Reference[];
  /** References to entities that do not exist. Depends on the rest of the tree; absent until resolved. */
  readonly unresolved?: readonly UnresolvedReference[];
}

/**
 * Merges the entities that all runtimes report into one tree. Each field goes to the stronger policy, then the higher
 * priority, then the runtime's name, so the order of `contributions` does not matter. An entity with an invalid id is
 * dropped. If a contribution reports an id twice, the first entity counts.
 *
 * After a `previous` merge, only entities whose reported objects changed are merged again. The generation increases by
 * one. If no entity differs, returns the previous tree.
 */
export function mergeContributions(contributions: readonly Contribution[], previous?: MergeResult): MergeResult {
  const attributed = attribute(contributions, previous?.memory.attributed);
  const dropped: DroppedEntity[] = [];
  /** Ids that exist in only one of the two trees. */
  const moved = new Map<EntityKind, ReadonlySet<string>>();
  const mergeKind = <K extends EntityKind>(kind: K): readonly MergedEntity<EntityOf[K]>[] => {
    const ids = changedIds(previous?.memory.attributed ?? [], attributed, kind);
    // The merge keeps no rows for dropped entities, so it evaluates them again.
    for (const before of previous?.report.dropped ?? []) if (before.kind === kind) ids.add(before.id);
    const old = previous?.memory.merged[kind] ?? [];
    if (ids.size === 0) return old;
    const reports = gather(attributed, kind, ids, dropped);
    const previousEntities = new Map<string, EntityOf[K]>();
    const unchanged = old.filter(({ entity }) => {
      if (!ids.has(entity.id)) return true;
      previousEntities.set(entity.id, entity);
      return false;
    });
    const differing = [...ids].filter((id) => reports.has(id) !== previousEntities.has(id));
    if (differing.length > 0) moved.set(kind, new Set(differing));
    return withRows(
      unchanged,
      Array.from(reports, ([id, of]) => mergeReports(of, previousEntities.get(id))),
    );
  };
  const entities: MergedEntities = {
    area: mergeKind('area'),
    component: mergeKind('component'),
    app: mergeKind('app'),
    function: mergeKind('function'),
  };
  const tree = treeOf(entities, previous);
  const resolve = <E extends Entity>(rows: readonly MergedEntity<E>[]): readonly MergedEntity<E>[] => {
    let resolved: MergedEntity<E>[] | undefined;
    // By index: an iterator of entries allocates a pair for each of a thousand rows.
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at];
      if (row.unresolved && !hasReferenceTo(moved, row.references)) continue;
      resolved ??= [...rows];
      resolved[at] = { ...row, unresolved: unresolved(tree, row.entity, row.references) };
    }
    return resolved ?? rows;
  };
  const merged: MergedEntities = {
    area: resolve(entities.area),
    component: resolve(entities.component),
    app: resolve(entities.app),
    function: resolve(entities.function),
  };
  const ids = sharedIds(tree, moved, previous?.report.sharedIds ?? []);
  return { tree, report: { dropped, sharedIds: ids, ...reportOf(merged) }, memory: { attributed, merged } };
}

/** Sums up the findings of all merged entities. */
function reportOf(merged: MergedEntities): Pick<MergeReport, 'unresolved' | 'conflicts' | 'enriched'> {
  const unresolved: UnresolvedReference[] = [];
  const conflicts: MergeConflict[] = [];
  let enriched = 0;
  for (const kind of ENTITY_KINDS) {
    const rows = merged[kind];
    // By index, as above: few rows have findings.
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at];
      enriched += row.reporterCount - 1;
      if (row.conflicts.length > 0) conflicts.push(...row.conflicts);
      if (row.unresolved && row.unresolved.length > 0) unresolved.push(...row.unresolved);
    }
  }
  return { unresolved, conflicts, enriched };
}

/** Returns which runtime gave each field of a merged entity. Returns an empty object if no contribution reports it. */
export function provenance(
  contributions: readonly Contribution[],
  { kind, id }: EntityRef,
): Readonly<Record<string, string>> {
  return provenanceOf(gather(attribute(contributions), kind, new Set([id]), []).get(id) ?? []);
}

function mergeReports<E extends Entity>(reports: readonly EntityReport<E>[], before: E | undefined): MergedEntity<E> {
  const entity = keepOld(mergeEntity(reports), before);
  return { entity, reporterCount: reports.length, conflicts: conflictsOf(reports), references: referencesOf(entity) };
}

/** Returns the object of the previous tree if nothing differs, so that caches keyed by entity stay valid. */
function keepOld<E>(entity: E, old: E | undefined): E {
  return old !== undefined && equalData(entity, old) ? old : entity;
}

/**
 * Returns the previous tree if its entities are the same. Otherwise, kinds that did not change keep the previous list
 * object.
 */
function treeOf(merged: MergedEntities, previous: MergeResult | undefined): EntityTree {
  const list = <K extends EntityKind>(kind: K): readonly EntityOf[K][] => {
    const old = previous?.tree.all(kind) ?? [];
    const rows = merged[kind];
    if (rows === previous?.memory.merged[kind]) return old;
    const isSame = rows.length === old.length && rows.every(({ entity }, at) => entity === old[at]);
    return isSame ? old : rows.map(({ entity }) => entity);
  };
  const lists: EntityLists = {
    areas: list('area'),
    components: list('component'),
    apps: list('app'),
    functions: list('function'),
  };
  const before = previous?.tree;
  const isSame = before && ENTITY_KINDS.every((kind) => listOf(lists, kind) === before.all(kind));
  return isSame ? before : indexEntities(lists, (before?.generation ?? 0) + 1, before);
}

/** Merges rows sorted by id with further rows whose ids are new. */
function withRows<E extends Entity>(
  rows: readonly MergedEntity<E>[],
  more: readonly MergedEntity<E>[],
): readonly MergedEntity<E>[] {
  const added = more.toSorted(byId);
  const all: MergedEntity<E>[] = [];
  let at = 0;
  for (const row of added) {
    for (; at < rows.length && rows[at].entity.id < row.entity.id; at++) all.push(rows[at]);
    all.push(row);
  }
  for (; at < rows.length; at++) all.push(rows[at]);
  return all;
}

function byId({ entity: a }: MergedEntity<Entity>, { entity: b }: MergedEntity<Entity>): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Updates the ids shared by several kinds. Only ids in `moved` can differ from `before`. */
function sharedIds(
  tree: EntityTree,
  moved: ReadonlyMap<EntityKind, ReadonlySet<string>>,
  before: readonly string[],
): readonly string[] {
  if (moved.size === 0) return before;
  const shared = new Set(before);
  for (const ids of moved.values()) {
    for (const id of ids) {
      if (tree.kindsOf(id).length > 1) shared.add(id);
      else shared.delete(id);
    }
  }
  return [...shared].sort();
}
