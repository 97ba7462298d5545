import type { DataEntry, DataOrigin } from '@medkit/core';
import type { DataOwner, OwnedData } from './data-owner.ts';

/** One item of an entity's data, with every member that has it. */
export interface MergedEntry {
  /** As in the list: qualified by its member where another item has the same id. */
  readonly id: string;
  readonly entry: DataEntry;
  /** The first is the one to read from: it publishes, if any does. */
  readonly owners: readonly [DataOwner, ...DataOwner[]];
}

/**
 * The items of an aggregate, in id order. A ROS topic is one item however many members use it, and its direction is
 * `both` where they use it both ways; any other item belongs to its member alone.
 */
export function mergeEntries(entries: readonly OwnedData[]): readonly MergedEntry[] {
  const groups = [...Map.groupBy(entries, keyOf).values()];
  const timesUsed = new Map<string, number>();
  for (const [first] of groups) if (first) timesUsed.set(first.entry.id, (timesUsed.get(first.entry.id) ?? 0) + 1);
  return groups
    .map((group) => mergeGroup(group, (id) => (timesUsed.get(id) ?? 0) > 1))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function mergeGroup(group: readonly OwnedData[], isShared: (id: string) => boolean): MergedEntry {
  const [first, ...rest] = [...group].sort((a, b) => Number(publishes(b.entry)) - Number(publishes(a.entry)));
  if (!first) throw new Error('an item without an owner');
  const { entry } = first;
  const typed = group.find(({ entry: { typeInfo } }) => typeInfo)?.entry.typeInfo;
  const id = isShared(entry.id) && rest.length === 0 ? `${first.owner.entity.id}:${entry.id}` : entry.id;
  return {
    id,
    entry: {
      ...entry,
      ...(entry.ros2 && { ros2: mergeOrigins(group.flatMap((owned) => owned.entry.ros2 ?? [])) }),
      ...(typed && { typeInfo: typed }),
    },
    owners: [first.owner, ...rest.map(({ owner }) => owner)],
  };
}

function mergeOrigins(origins: readonly DataOrigin[]): DataOrigin {
  const [first] = origins;
  if (!first) throw new Error('an item without an origin');
  const directions = new Set(origins.map(({ direction }) => direction));
  const type = origins.find((origin) => origin.type !== undefined)?.type;
  return { topic: first.topic, direction: directions.size > 1 ? 'both' : first.direction, ...(type && { type }) };
}

function keyOf({ owner, entry }: OwnedData): string {
  return JSON.stringify([owner.runtime, entry.ros2 ? entry.ros2.topic : [owner.nativeId, entry.id]]);
}

function publishes({ ros2 }: DataEntry): boolean {
  return ros2 !== undefined && ros2.direction !== 'subscribe';
}
