import type { OwnedData } from './data-owner.ts';
import { type MergedEntry, mergeEntries } from './merge-entries.ts';

/** What a name means among the items of some owners. */
export interface NamedItems {
  /** Several where owners have an item of their own each that is called so, or that ends with it. */
  readonly items: readonly MergedEntry[];
  /** None is called so; they end with it. */
  readonly isEnding: boolean;
}

/** Whether an item is meant in one of the ways in which it can be. */
type Way = (owned: OwnedData) => boolean;

/**
 * The items that a name means, in the first of these ways in which there are any: its full name, with or without the slash in
 * front (`/arm/joint_states`); with `~`, below its node (`~/state`); without a slash in front also relative to the namespace
 * of its node, below its node, or the end of its full name, whole segments only (`joint_states`). Old web UIs append the
 * direction: `/scan:publish`.
 */
export function itemsNamed(entries: readonly OwnedData[], name: string): NamedItems {
  const found = (way: Way): readonly MergedEntry[] => mergeEntries(entries.filter(way));
  const plain = name.replace(/:(publish|subscribe|both)$/, '');
  const isPrivate = plain.startsWith('~');
  const wanted = bare(isPrivate ? plain.slice(1) : plain);
  if (wanted === '') return { items: [], isEnding: false };
  const isBelowNode: Way = ({ owner, entry }) => bare(entry.id) === bare(`${nodeOf(owner)}/${wanted}`);
  if (isPrivate) return { items: found(isBelowNode), isEnding: false };

  const ways: Way[] = [({ entry }) => bare(entry.id) === bare(name), ({ entry }) => bare(entry.id) === wanted];
  if (!name.startsWith('/')) {
    ways.push(
      ({ owner, entry }) => bare(entry.id) === bare(`${nodeOf(owner).replace(/[^/]*$/, '')}${wanted}`),
      isBelowNode,
    );
  }
  for (const way of ways) {
    const items = found(way);
    if (items.length > 0) return { items, isEnding: false };
  }
  const items = name.startsWith('/') ? [] : found(({ entry }) => entry.id.endsWith(`/${wanted}`));
  return { items, isEnding: items.length > 0 };
}

/** The node behind an owner, `/arm/driver`; what is none of ROS stands at the top. */
function nodeOf({ entity }: OwnedData['owner']): string {
  return (entity.kind === 'app' ? entity.fqn : undefined) ?? `/${entity.id}`;
}

/** The slash in front of a full name may be missing. */
export function bare(id: string): string {
  return id.startsWith('/') ? id.slice(1) : id;
}
