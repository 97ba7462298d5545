import { meantThings } from '@medkit/core';
import type { OwnedData } from './data-owner.ts';
import { type MergedEntry, mergeEntries } from './merge-entries.ts';

/** What a name means among the items of some owners. */
export interface NamedItems {
  /** Several where owners have an item of their own each that is called so, or that ends with it. */
  readonly items: readonly MergedEntry[];
  /** None is called so; they end with it. */
  readonly isEnding: boolean;
}

/** The items that a name means, as `meantThings` has it. What is no node stands at the top. */
export function itemsNamed(entries: readonly OwnedData[], name: string): NamedItems {
  const { things, isEnding } = meantThings(entries, name, ({ owner: { entity }, entry }) => ({
    name: entry.id,
    node: (entity.kind === 'app' ? entity.node : undefined) ?? `/${entity.id}`,
  }));
  return { items: mergeEntries(things), isEnding };
}

/** The slash in front of a full name may be missing. */
export function bare(id: string): string {
  return id.startsWith('/') ? id.slice(1) : id;
}
