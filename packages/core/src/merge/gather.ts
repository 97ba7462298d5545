import type { Contribution } from '../entity/contribution.ts';
import type { Entity, EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { LOCAL, listOf, type Origin } from '../entity/entity.ts';
import { entityIdProblem } from '../entity/entity-id.ts';
import { changedRows } from './changed-rows.ts';
import { equalData } from './equal.ts';
import type { Said, Voice } from './merge-entity.ts';

/** An entity that a contribution told of and the tree does not have. */
export interface DroppedEntity extends EntityRef {
  readonly runtime: string;
  readonly reason: string;
}

/** A contribution, and who it is that tells. */
export interface Statement {
  readonly voice: Voice;
  readonly contribution: Contribution;
}

/** Everything that is said of one entity, the highest priority first. */
export type SaidOf<K extends EntityKind> = [Said<EntityOf[K]>, ...Said<EntityOf[K]>[]];

/** Contributions by priority, the highest first; those of one priority by the name of their runtime. */
export function rank(contributions: readonly Contribution[]): readonly Contribution[] {
  return [...contributions].sort(
    (a, b) => b.priority - a.priority || (a.runtime < b.runtime ? -1 : a.runtime > b.runtime ? 1 : 0),
  );
}

/** Contributions by rank with their voices; whose word counts as it did `before` has the very voice of then. */
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

/** All that is said of the entities of a kind that have these `ids`, by id. What cannot be taken is put on `dropped`. */
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

/** Puts what is only added behind what is told of each entity, so that it never decides who told of it. */
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

/** The ids of the entities of a kind of which somebody may say something else than before, or nobody says anything now. */
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

/** Whether somebody of this origin tells of the entity: what is added to its own never is to that of another gateway. */
function isOf(said: readonly { readonly voice: Voice }[], origin: Origin): boolean {
  return said.some(({ voice }) => voice.origin === origin);
}

function hasSpoken(said: readonly { readonly voice: Voice }[], { runtime }: Voice): boolean {
  return said.some(({ voice }) => voice.runtime === runtime);
}
