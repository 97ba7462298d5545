import type { Contribution } from '../entity/contribution.ts';
import type { Entity, EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS, listOf } from '../entity/entity.ts';
import { indexEntities } from '../entity/index-entities.ts';
import type { EntityTree } from '../entity/tree.ts';
import { isSameList } from './changed-rows.ts';
import { equalData } from './equal.ts';
import { type DroppedEntity, gather, retoldIds, type Told, voiced } from './gather.ts';
import { conflictsOf, type MergeConflict, mergeEntity, provenanceOf, type Said } from './merge-entity.ts';
import { namesOneOf, type Reference, referencesOf, type UnresolvedReference, unresolved } from './references.ts';

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
  /** How it came about, for the next merge. */
  readonly memory: MergeMemory;
}

/** What was told, and the entities that came of it. */
interface MergeMemory {
  readonly told: readonly Told[];
  readonly merged: MergedEntities;
}

/** In the order of ids. */
type MergedEntities = { readonly [K in EntityKind]: readonly MergedEntity<EntityOf[K]>[] };

/** An entity, and what it takes its contributions alone to know of it. */
interface MergedEntity<E extends Entity> {
  readonly entity: E;
  /** How many contributions tell of it. */
  readonly tellers: number;
  readonly conflicts: readonly MergeConflict[];
  readonly references: readonly Reference[];
  /** Those that lead nowhere: this alone takes the rest of the tree to know. Absent until it was looked up. */
  readonly unresolved?: readonly UnresolvedReference[];
}

/**
 * The tree of everything the runtimes tell: field by field, the stronger policy first, then the higher priority, then the
 * runtime's name, so the order of `contributions` never matters. An invalid id drops its entity; of one id given twice by one
 * contribution the first counts.
 *
 * After a `previous` merge only those entities are merged of which somebody tells by another object than then. The generation
 * is one more than that of the previous tree, which itself comes back where no entity differs.
 */
export function mergeContributions(contributions: readonly Contribution[], previous?: MergeResult): MergeResult {
  const told = voiced(contributions, previous?.memory.told);
  const dropped: DroppedEntity[] = [];
  /** The ids that only one of the two trees has. */
  const moved = new Map<EntityKind, ReadonlySet<string>>();
  const mergeKind = <K extends EntityKind>(kind: K): readonly MergedEntity<EntityOf[K]>[] => {
    const ids = retoldIds(previous?.memory.told ?? [], told, kind);
    // Nothing is remembered of what was dropped: it is dropped again.
    for (const before of previous?.report.dropped ?? []) if (before.kind === kind) ids.add(before.id);
    const old = previous?.memory.merged[kind] ?? [];
    if (ids.size === 0) return old;
    const said = gather(told, kind, ids, dropped);
    const retold = new Map<string, EntityOf[K]>();
    const kept = old.filter(({ entity }) => {
      if (!ids.has(entity.id)) return true;
      retold.set(entity.id, entity);
      return false;
    });
    const differing = [...ids].filter((id) => said.has(id) !== retold.has(id));
    if (differing.length > 0) moved.set(kind, new Set(differing));
    return [...kept, ...Array.from(said, ([id, of]) => mergeSaid(of, retold.get(id)))].sort(byId);
  };
  const entities: MergedEntities = {
    area: mergeKind('area'),
    component: mergeKind('component'),
    app: mergeKind('app'),
    function: mergeKind('function'),
  };
  const tree = treeOf(entities, previous?.tree);
  const isSame = tree === previous?.tree;
  const resolve = <E extends Entity>(rows: readonly MergedEntity<E>[]): readonly MergedEntity<E>[] =>
    rows.map((row) => {
      const { entity, references } = row;
      if (row.unresolved && !namesOneOf(moved, references)) return row;
      return { ...row, unresolved: unresolved(tree, entity, references) };
    });
  const merged: MergedEntities = {
    area: resolve(entities.area),
    component: resolve(entities.component),
    app: resolve(entities.app),
    function: resolve(entities.function),
  };
  const all = ENTITY_KINDS.flatMap((kind): readonly MergedEntity<Entity>[] => merged[kind]);
  return {
    tree,
    report: {
      dropped,
      unresolved: all.flatMap((row) => row.unresolved ?? []),
      sharedIds: isSame ? previous.report.sharedIds : sharedIds(tree),
      conflicts: all.flatMap(({ conflicts }) => conflicts),
      enriched: all.reduce((sum, { tellers }) => sum + tellers - 1, 0),
    },
    memory: { told, merged },
  };
}

/** Which runtime gave each field of one merged entity; empty where nobody tells of it. */
export function provenance(
  contributions: readonly Contribution[],
  { kind, id }: EntityRef,
): Readonly<Record<string, string>> {
  return provenanceOf(gather(voiced(contributions), kind, new Set([id]), []).get(id) ?? []);
}

function mergeSaid<E extends Entity>(said: readonly Said<E>[], before: E | undefined): MergedEntity<E> {
  const entity = keepOld(mergeEntity(said), before);
  return { entity, tellers: said.length, conflicts: conflictsOf(said), references: referencesOf(entity) };
}

/** The object of the last tree where nothing differs, so that whoever caches by entity keeps its work. */
function keepOld<E>(entity: E, old: E | undefined): E {
  return old !== undefined && equalData(entity, old) ? old : entity;
}

/** The previous tree where it has the same entities. */
function treeOf(merged: MergedEntities, previous: EntityTree | undefined): EntityTree {
  const lists: EntityLists = {
    areas: merged.area.map(({ entity }) => entity),
    components: merged.component.map(({ entity }) => entity),
    apps: merged.app.map(({ entity }) => entity),
    functions: merged.function.map(({ entity }) => entity),
  };
  const isSame = previous && ENTITY_KINDS.every((kind) => isSameList(listOf(lists, kind), previous.all(kind)));
  return isSame ? previous : indexEntities(lists, (previous?.generation ?? 0) + 1);
}

function byId({ entity: a }: MergedEntity<Entity>, { entity: b }: MergedEntity<Entity>): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function sharedIds(tree: EntityTree): readonly string[] {
  const shared = new Set<string>();
  for (const [at, kind] of ENTITY_KINDS.entries()) {
    for (const other of ENTITY_KINDS.slice(at + 1)) {
      const [few, many] = tree.all(kind).length < tree.all(other).length ? [kind, other] : [other, kind];
      for (const { id } of tree.all(few)) if (tree.get(many, id)) shared.add(id);
    }
  }
  return [...shared].sort();
}
