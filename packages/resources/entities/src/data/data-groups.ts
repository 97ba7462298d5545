import type { Entity } from '@medkit/core';
import type { OwnedData } from './data-owner.ts';
import { type MergedEntry, mergeEntries } from './merge-entries.ts';

/** A category of ISO 17978-3 with at least one item. */
export interface DataCategory {
  readonly item: string;
  readonly id: string;
  readonly category: string;
  readonly 'x-medkit': { readonly total_count: number };
}

/** Related items of one category. */
export interface DataGroup {
  readonly id: string;
  readonly category: string;
  readonly group: string;
  readonly 'x-medkit': { readonly total_count: number; readonly data_ids: readonly string[] };
}

/** A collection of categories or groups. */
export interface GroupList<Item> {
  readonly items: readonly Item[];
  readonly 'x-medkit': { readonly entity_id: string; readonly total_count: number };
}

/** Returns the categories of an entity's data. */
export function dataCategories(entity: Entity, entries: readonly OwnedData[]): GroupList<DataCategory> {
  const byCategory = Map.groupBy(mergeEntries(entries), ({ entry }) => entry.category);
  const items = [...byCategory].map(([category, merged]) => ({
    item: category,
    id: category,
    category,
    'x-medkit': { total_count: merged.length },
  }));
  return listOf(entity, items);
}

/** Returns the groups of an entity's data within its categories, such as the packages of message types. */
export function dataGroups(entity: Entity, entries: readonly OwnedData[]): GroupList<DataGroup> {
  const merged = mergeEntries(entries);
  const byGroup = Map.groupBy(merged, ({ entry: { category, group } }) => JSON.stringify([group ?? '', category]));
  const items = [...byGroup]
    .filter(([, [first]]) => first?.entry.group !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, grouped]) => groupOf(grouped));
  return listOf(entity, items);
}

function groupOf(merged: readonly MergedEntry[]): DataGroup {
  const { category = '', group = '' } = merged[0]?.entry ?? {};
  const data_ids = merged.map(({ id }) => id);
  return { id: group, category, group, 'x-medkit': { total_count: data_ids.length, data_ids } };
}

function listOf<Item>(entity: Entity, items: readonly Item[]): GroupList<Item> {
  return { items, 'x-medkit': { entity_id: entity.id, total_count: items.length } };
}
