import type { Contribution } from '../entity/contribution.ts';
import type { EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { listOf } from '../entity/entity.ts';
import { entityIdProblem } from '../entity/entity-id.ts';
import { FIELD_GROUPS } from './layer-policies.ts';
import type { Said, Voice } from './merge-entity.ts';
import { type Remembered, rememberFrom } from './remembered.ts';

/** An entity that a contribution told of and the tree does not have. */
export interface DroppedEntity extends EntityRef {
  readonly runtime: string;
  readonly reason: string;
}

/** A contribution, and who it is that tells. */
export interface Told {
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
  before?: Remembered<Voice>,
): { readonly told: readonly Told[]; readonly voices: Remembered<Voice> } {
  const voices = rememberFrom(before);
  const told = rank(contributions).map((contribution): Told => {
    const { runtime, contributor = 'local', policies } = contribution;
    const madeOf = [contributor, ...FIELD_GROUPS.map((group) => policies?.[group])];
    return { voice: voices.valueOf(runtime, madeOf, () => ({ runtime, contributor, policies })), contribution };
  });
  return { told, voices: voices.now };
}

/** All that is said of the entities of a kind, by id. What cannot be taken is put on `dropped`. */
export function gather<K extends EntityKind>(
  told: readonly Told[],
  kind: K,
  dropped: DroppedEntity[],
): ReadonlyMap<string, SaidOf<K>> {
  const gathered = new Map<string, SaidOf<K>>();
  for (const { voice, contribution } of told) {
    for (const entity of listOf(contribution, kind)) {
      const { id } = entity;
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
function addTo<K extends EntityKind>(gathered: ReadonlyMap<string, SaidOf<K>>, told: readonly Told[], kind: K): void {
  for (const { voice, contribution } of told) {
    if (!contribution.additions) continue;
    for (const entity of listOf({ ...NO_ENTITIES, ...contribution.additions }, kind)) {
      const said = gathered.get(entity.id);
      if (said && !hasSpoken(said, voice)) said.push({ voice, entity });
    }
  }
}

const NO_ENTITIES: EntityLists = { areas: [], components: [], apps: [], functions: [] };

function hasSpoken(said: readonly { readonly voice: Voice }[], { runtime }: Voice): boolean {
  return said.some(({ voice }) => voice.runtime === runtime);
}
