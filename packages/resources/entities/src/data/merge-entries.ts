import type { DataChannel, DataEntry, JsonObject, JsonValue, NativeTerms } from '@medkit/core';
import type { DataOwner, OwnedData } from './data-owner.ts';

/** One item of an entity's data, with every member that has it. */
export interface MergedEntry {
  /** Id as in the list: prefixed with the member's id if another item has the same id. */
  readonly id: string;
  readonly entry: DataEntry;
  /** The first owner is the one to read from: a publisher if there is one. */
  readonly owners: readonly [DataOwner, ...DataOwner[]];
}

/**
 * Merges the items of an aggregate, in id order. A channel is one item however many members use it; its direction is
 * `both` if members both publish and subscribe. Any other item belongs to one member.
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
  const channel = entry.channel && mergeChannels(entry.channel, group);
  return {
    id,
    entry: {
      ...entry,
      ...(channel && { channel }),
      ...(channel && entry.terms && { terms: mergeTerms(entry.terms, channel) }),
      ...(typed && { typeInfo: typed }),
    },
    owners: [first.owner, ...rest.map(({ owner }) => owner)],
  };
}

function mergeChannels({ name, direction }: DataChannel, group: readonly OwnedData[]): DataChannel {
  const channels = group.flatMap(({ entry }) => entry.channel ?? []);
  const type = channels.find((channel) => channel.type !== undefined)?.type;
  const isOneWay = channels.every((channel) => channel.direction === direction);
  return { name, direction: isOneWay ? direction : 'both', ...(type && { type }) };
}

/** Returns the terms of one member with the direction and type of the merged channel. */
function mergeTerms(terms: NativeTerms, { direction, type }: DataChannel): NativeTerms {
  const merged = Object.entries(terms).map(([name, block]): readonly [string, JsonValue] => [
    name,
    hasDirection(block) ? { ...block, direction, ...(type && { type }) } : block,
  ]);
  return Object.fromEntries(merged);
}

function hasDirection(block: JsonValue): block is JsonObject {
  return typeof block === 'object' && block !== null && 'direction' in block;
}

function keyOf({ owner, entry }: OwnedData): string {
  return JSON.stringify([owner.runtime, entry.channel ? entry.channel.name : [owner.nativeId, entry.id]]);
}

function publishes({ channel }: DataEntry): boolean {
  return channel !== undefined && channel.direction !== 'subscribe';
}
