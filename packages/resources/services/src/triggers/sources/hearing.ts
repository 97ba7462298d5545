import type { EntityRef, EntityTree } from '@medkit/core';
import { keyOf, reachOf } from '../../members/reach.ts';
import { observedResource } from '../../observed/observed-resource.ts';
import type { LiveTrigger } from '../live-trigger.ts';

/** The active triggers by the collection that they observe: what happens to one is no concern of the others. */
export class TriggerIndex {
  readonly #byCollection = new Map<string, Set<LiveTrigger>>();

  add(trigger: LiveTrigger): void {
    const { collection } = trigger.record;
    const triggers = this.#byCollection.get(collection) ?? new Set();
    this.#byCollection.set(collection, triggers.add(trigger));
  }

  drop(trigger: LiveTrigger): void {
    const { collection } = trigger.record;
    const triggers = this.#byCollection.get(collection);
    triggers?.delete(trigger);
    if (triggers?.size === 0) this.#byCollection.delete(collection);
  }

  has(collection: string): boolean {
    return this.#byCollection.has(collection);
  }

  /** Those on a collection, as a list that stays as it is while they fire. */
  of(collection: string): readonly LiveTrigger[] {
    const triggers = this.#byCollection.get(collection);
    return triggers ? [...triggers] : [];
  }
}

/** Whether what a trigger is on belongs to the robot as a whole, and to no entity. */
export function isOfRobot({ record: { collection, resource } }: LiveTrigger): boolean {
  return collection === 'updates' && observedResource(resource).entity === undefined;
}

/** Whether a trigger hears of an entity: of its own, and of all that this contains at any depth or hosts. */
export function hears(tree: EntityTree, { record }: LiveTrigger, ref: EntityRef): boolean {
  const own = record.entity;
  return (own.kind === ref.kind && own.id === ref.id) || reachOf(tree, own).has(keyOf(ref));
}
