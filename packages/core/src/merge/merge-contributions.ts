import type { Contribution } from '../entity/contribution.ts';
import type { EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { ENTITY_KINDS, listOf } from '../entity/entity.ts';
import { indexEntities } from '../entity/index-entities.ts';
import type { EntityTree } from '../entity/tree.ts';
import { equalData } from './equal.ts';
import { type DroppedEntity, gather, voiced } from './gather.ts';
import { conflictsOf, type MergeConflict, mergeEntity, provenanceOf, type Said, type Voice } from './merge-entity.ts';
import { type Reference, referencesOf, type UnresolvedReference, unresolved } from './references.ts';
import { type Remembered, rememberFrom } from './remembered.ts';

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

/** The entities with what they were made of, and who told it. */
interface MergeMemory {
  readonly voices: Remembered<Voice>;
  readonly merged: { readonly [K in EntityKind]: MergedKind<EntityOf[K]> };
}

interface MergedKind<E> {
  readonly entities: readonly E[];
  readonly byId: Remembered<MergedEntity<E>>;
}

/** An entity, and what it takes its contributions alone to know of it. */
interface MergedEntity<E> {
  readonly entity: E;
  readonly conflicts: readonly MergeConflict[];
  readonly references: readonly Reference[];
}

/**
 * The tree of everything the runtimes tell: field by field, the stronger policy first, then the higher priority, then the
 * runtime's name, so the order of `contributions` never matters. An invalid id drops its entity; of one id given twice by one
 * contribution the first counts.
 *
 * After a `previous` merge only what is said otherwise is merged again: an entity of which every contribution tells by the
 * same object as then costs next to nothing. The generation is one more than that of the previous tree, which itself comes
 * back where no entity differs.
 */
export function mergeContributions(contributions: readonly Contribution[], previous?: MergeResult): MergeResult {
  const { told, voices } = voiced(contributions, previous?.memory.voices);
  const dropped: DroppedEntity[] = [];
  const conflicts: MergeConflict[] = [];
  let enriched = 0;
  const merge = <K extends EntityKind>(kind: K): MergedKind<EntityOf[K]> => {
    const round = rememberFrom<MergedEntity<EntityOf[K]>>(previous?.memory.merged[kind].byId);
    const entities: EntityOf[K][] = [];
    for (const [id, said] of gather(told, kind, dropped)) {
      const merged = round.valueOf(id, madeOf(said), (before) => mergeSaid(said, before?.entity));
      if (merged.conflicts.length > 0) conflicts.push(...merged.conflicts);
      entities.push(merged.entity);
      enriched += said.length - 1;
    }
    return { entities, byId: round.now };
  };
  const merged = { area: merge('area'), component: merge('component'), app: merge('app'), function: merge('function') };
  const lists: EntityLists = {
    areas: merged.area.entities,
    components: merged.component.entities,
    apps: merged.app.entities,
    functions: merged.function.entities,
  };
  const isSame = previous !== undefined && sameEntities(lists, previous.tree);
  const tree = isSame ? previous.tree : indexEntities(lists, (previous?.tree.generation ?? 0) + 1);
  const found = isSame
    ? previous.report
    : {
        unresolved: unresolved(tree, (kind, id) => merged[kind].byId.get(id)?.value.references),
        sharedIds: sharedIds(tree),
      };
  return {
    tree,
    report: { dropped, unresolved: found.unresolved, sharedIds: found.sharedIds, conflicts, enriched },
    memory: { voices, merged },
  };
}

/** Which runtime gave each field of one merged entity; empty where nobody tells of it. */
export function provenance(
  contributions: readonly Contribution[],
  { kind, id }: EntityRef,
): Readonly<Record<string, string>> {
  return provenanceOf(gather(voiced(contributions).told, kind, []).get(id) ?? []);
}

function mergeSaid<E extends EntityOf[EntityKind]>(said: readonly Said<E>[], before: E | undefined): MergedEntity<E> {
  const entity = keepOld(mergeEntity(said), before);
  return { entity, conflicts: conflictsOf(said), references: referencesOf(entity) };
}

function madeOf(said: readonly Said<EntityOf[EntityKind]>[]): readonly unknown[] {
  const objects: unknown[] = [];
  for (const { voice, entity } of said) objects.push(voice, entity);
  return objects;
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

function sharedIds(tree: EntityTree): readonly string[] {
  const shared = new Set<string>();
  for (const [at, kind] of ENTITY_KINDS.entries()) {
    for (const other of ENTITY_KINDS.slice(at + 1)) {
      for (const { id } of tree.all(kind)) if (tree.get(other, id)) shared.add(id);
    }
  }
  return [...shared].sort();
}
