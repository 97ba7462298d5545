import type { Contribution } from '../entity/contribution.ts';
import type { Entity, EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { LOCAL, listOf, type Origin } from '../entity/entity.ts';
import { entityIdProblem } from '../entity/entity-id.ts';
import { changedRows } from './changed-rows.ts';
import { equalData } from './equal.ts';
import type { Said, Voice } from './merge-entity.ts';

/** An entity of a contribution that is not part of the tree. */
export interface DroppedEntity extends EntityRef {
  readonly runtime: string;
  readonly reason: string;
}

/** A contribution with the identity and policies of its runtime. */
export interface Statement {
  readonly voice: Voice;
  readonly contribution: Contribution;
}

/** Everything that contributions say about one entity, highest priority first. */
export type SaidOf<K extends EntityKind> = [Said<EntityOf[K]>, ...Said<EntityOf[K]>[]];

/** Sorts contributions by priority, highest first, and contributions of equal priority by the name of their runtime. */
export function rank(contributions: readonly Contribution[]): readonly Contribution[] {
  return [...contributions].sort(
    (a, b) => b.priority - a.priority || (a.runtime < b.runtime ? -1 : a.runtime > b.runtime ? 1 : 0),
  );
}

/**
 * Pairs sorted contributions with their voices. If the priority, origin and policies of a runtime did not change,
 * returns the same voice object as `before`.
 */
export function voiced(
  contributions: readonly Contribution[],
  before: readonly Statement[] = [],
): readonly Statement[] {
  const known = new Map(before.map(({ voice }) => [voice.runtime, voice]));
  return rank(contributions).map((contribution): Statement => {
    const { runtime, priority, origin = LOCAL, policies } = contribution;
    const voice: Voice = { runtime, priority, origin, ...(policies && { policies }) };
    const old = known.get(runtime);
    return { voice: old && equalData(old, voice) ? old : voice, contribution };
  });
}

/**
 * Collects what contributions say about the entities of one kind with these `ids`, by id. Adds entities that cannot be
 * used to `dropped`.
 */
export function gather<K extends EntityKind>(
  told: readonly Statement[],
  kind: K,
  ids: ReadonlySet<string>,
  dropped: DroppedEntity[],
): ReadonlyMap<string, SaidOf<K>> {
  const gathered = new Map<string, SaidOf<K>>();
  for (const { voice, contribution } of told) {
    for (const entity of listOf(contribution, kind)) {
      const { id } = entity;
      if (!ids.has(id)) continue;
      const said = gathered.get(id);
      const reason =
        entityIdProblem(id) ?? (said && hasSpoken(said, voice) ? `Given twice by ${voice.runtime}` : undefined);
      if (reason) dropped.push({ runtime: voice.runtime, kind, id, reason });
      else if (said) said.push({ voice, entity });
      else gathered.set(id, [{ voice, entity }]);
    }
  }
  addTo(gathered, told, kind);
  return gathered;
}

/** Appends `additions` after the full reports, so that an addition never decides which runtime reports an entity. */
function addTo<K extends EntityKind>(
  gathered: ReadonlyMap<string, SaidOf<K>>,
  told: readonly Statement[],
  kind: K,
): void {
  for (const { voice, contribution } of told) {
    for (const entity of additionsOf(contribution, kind)) {
      const said = gathered.get(entity.id);
      if (said && !hasSpoken(said, voice) && isOf(said, voice.origin)) said.push({ voice, entity });
    }
  }
}

const NO_ENTITIES: EntityLists = { areas: [], components: [], apps: [], functions: [] };

function additionsOf<K extends EntityKind>({ additions }: Contribution, kind: K): readonly EntityOf[K][] {
  return listOf(additions ? { ...NO_ENTITIES, ...additions } : NO_ENTITIES, kind);
}

/**
 * Returns the ids of one kind whose reports may have changed since `before`, including ids that no contribution reports
 * any more.
 */
export function retoldIds(before: readonly Statement[], told: readonly Statement[], kind: EntityKind): Set<string> {
  const ids = new Set<string>();
  const compare = (old: readonly Entity[], now: readonly Entity[]): void => {
    const { from, endBefore, end } = changedRows(old, now);
    for (const { id } of old.slice(from, endBefore)) ids.add(id);
    for (const { id } of now.slice(from, end)) ids.add(id);
  };
  const left = new Map(before.map(({ voice, contribution }) => [voice, contribution]));
  for (const { voice, contribution } of told) {
    const old = left.get(voice);
    left.delete(voice);
    compare(old ? listOf(old, kind) : [], listOf(contribution, kind));
    compare(old ? additionsOf(old, kind) : [], additionsOf(contribution, kind));
  }
  for (const gone of left.values()) compare([...listOf(gone, kind), ...additionsOf(gone, kind)], []);
  return ids;
}

/**
 * Returns whether a contribution of this origin reports the entity. Additions only apply to entities of the same
 * gateway.
 */
function isOf(said: readonly { readonly voice: Voice }[], origin: Origin): boolean {
  return said.some(({ voice }) => voice.origin === origin);
}

function hasSpoken(said: readonly { readonly voice: Voice }[], { runtime }: Voice): boolean {
  return said.some(({ voice }) => voice.runtime === runtime);
}
