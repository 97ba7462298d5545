import type { EntityRef, EntityTree } from '@medkit/core';
import { entityKey, observedResource, subtreeKeys } from '@medkit/entities';
import type { LiveTrigger } from '../live-trigger.ts';

/** Index of the active triggers by their collection. */
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

  /** Returns the triggers on a collection, as a copy that does not change while they fire. */
  of(collection: string): readonly LiveTrigger[] {
    const triggers = this.#byCollection.get(collection);
    return triggers ? [...triggers] : [];
  }
}

/** Returns whether a trigger observes a resource of the robot as a whole and not of an entity. */
export function observesRobot({ record: { collection, resource } }: LiveTrigger): boolean {
  return collection === 'updates' && observedResource(resource).entity === undefined;
}

/** Returns whether a trigger observes an entity: its own, or one that it contains or hosts, at any depth. */
export function observesEntity(tree: EntityTree, { record }: LiveTrigger, ref: EntityRef): boolean {
  const target = record.entity;
  return (target.kind === ref.kind && target.id === ref.id) || subtreeKeys(tree, target).has(entityKey(ref));
}
