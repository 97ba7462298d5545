import { type DataEntry, type Entity, type EntityRef, type EntityTree, type Model, onceFor } from '@medkit/core';
import type { DataOwner, OwnedData } from '../../data/data-owner.ts';
import { mergeEntries } from '../../data/merge-entries.ts';
import { gather } from '../../members/gather.ts';
import { isAggregate, ownersOf } from '../../members/owners.ts';

/** A data item that is to be observed, and whom to ask for it. */
export interface DataItem {
  readonly owner: DataOwner;
  readonly itemId: string;
  /** By what its values are told apart from those of other items, also after a restart. */
  readonly source: string;
}

/** The items that a trigger means. */
export interface MeantItems {
  readonly items: readonly DataItem[];
  /** Nobody has told of them yet: they may be others. */
  readonly isGuess: boolean;
}

/** Who might have data of an entity in a tree, as one text: as long as it is the same, nobody else has. */
export function ownersIn(tree: EntityTree, { kind, id }: EntityRef): string {
  const known = ownersByTree(tree);
  const key = `${kind}/${id}`;
  let owners = known.get(key);
  if (owners === undefined) {
    const entity = tree.get(kind, id);
    const addresses = (entity ? tree.members(entity) : []).flatMap(({ address }) => address ?? []);
    owners = addresses.map(({ runtime, nativeId }) => `${runtime} ${nativeId}`).join('\n');
    known.set(key, owners);
  }
  return owners;
}

const ownersByTree = onceFor((_tree: EntityTree) => new Map<string, string>());

/** What an owner tells of its data. */
export type ListData = (owner: DataOwner) => Promise<readonly DataEntry[]>;

/**
 * The data items of an entity that a name means: the one of this id, with or without its leading slash or as `member:id`,
 * else the only one whose id ends with it, whole segments only. An entity with members has every item of this id that one of
 * them has. Where nobody has it yet, it is taken for an item of the first owner, which may know how to wait for it.
 */
export async function itemsMeant(model: Model, entity: Entity, name: string, list: ListData): Promise<MeantItems> {
  const { owners, itemName } = ownersMeant(model, entity, name);
  const [first] = owners;
  if (!first) return { items: [], isGuess: true };
  const { entries } = await gather(owners, list);
  const found = named(entries, itemName);
  if (found.length > 0) return { items: found, isGuess: false };
  return { items: [{ owner: first, itemId: itemName, source: bare(itemName) }], isGuess: true };
}

/**
 * Who may have the item that a name means, and what they call it. An aggregate names its members before a colon; what else
 * comes before one belongs to the id.
 */
export function ownersMeant(
  model: Model,
  entity: Entity,
  name: string,
): { readonly owners: readonly DataOwner[]; readonly itemName: string } {
  const { tree } = model;
  const owners = ownersOf(model, entity, 'data');
  const colon = name.indexOf(':');
  const member = name.slice(0, Math.max(0, colon));
  const isMember = isAggregate(tree, entity) && tree.members(entity).some(({ id }) => id === member);
  if (!isMember) return { owners, itemName: name };
  return { owners: owners.filter((owner) => owner.entity.id === member), itemName: name.slice(colon + 1) };
}

function named(entries: readonly OwnedData[], name: string): readonly DataItem[] {
  const wanted = bare(name);
  const exact = entries.filter(({ entry }) => bare(entry.id) === wanted);
  const ending = exact.length > 0 ? exact : entries.filter(({ entry }) => entry.id.endsWith(`/${wanted}`));
  const merged = mergeEntries(ending);
  // Several topics may end with it: none of them is meant more than the others.
  if (exact.length === 0 && merged.length > 1) return [];
  return merged.map(({ entry, owners: [owner] }) => ({
    owner,
    itemId: entry.id,
    // A topic is the same whoever of its users is asked for it.
    source: entry.ros2 ? bare(entry.ros2.topic) : `${owner.entity.id}:${bare(entry.id)}`,
  }));
}

function bare(id: string): string {
  return id.startsWith('/') ? id.slice(1) : id;
}
