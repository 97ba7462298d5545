import { resolveName } from '@medkit/core';
import type { OwnedData } from './data-owner.ts';
import { type MergedEntry, mergeEntries } from './merge-entries.ts';

/** The items that a name resolves to. */
export interface NamedItems {
  /** Several if different owners each have a separate item with this name or name ending. */
  readonly items: readonly MergedEntry[];
  /** True if no item has this name and the items only end with it. */
  readonly isEnding: boolean;
}

/** Resolves a name with `resolveName`. An owner that is no node has the namespace `/<entity id>`. */
export function resolveItems(entries: readonly OwnedData[], name: string): NamedItems {
  const { things, isEnding } = resolveName(entries, name, ({ owner: { entity }, entry }) => ({
    name: entry.id,
    node: (entity.kind === 'app' ? entity.node : undefined) ?? `/${entity.id}`,
  }));
  return { items: mergeEntries(things), isEnding };
}

/** Removes the leading slash of a full name. */
export function withoutSlash(id: string): string {
  return id.startsWith('/') ? id.slice(1) : id;
}
