import {
  type CallContext,
  type DataEntry,
  type Entity,
  type EntityRef,
  type EntityTree,
  type Model,
  memoizeByObject,
} from '@medkit/core';
import {
  ask,
  type DataOwner,
  LIST,
  type OwnerQuery,
  resolveItems,
  resolveOwners,
  withoutSlash,
} from '@medkit/entities';

/** A data item to observe, and its owner. */
export interface DataItem {
  readonly owner: DataOwner;
  readonly itemId: string;
  /** Identifies the values of the item among those of others, also after a restart. */
  readonly source: string;
}

/** Returns the possible data owners of an entity as one text. While it is unchanged, the owners are unchanged. */
export function ownersIn(tree: EntityTree, { kind, id }: EntityRef): string {
  const known = ownersByTree(tree);
  const key = `${kind}/${id}`;
  let owners = known.get(key);
  if (owners === undefined) {
    const entity = tree.get(kind, id);
    const addresses = (entity ? tree.members(entity) : []).flatMap((member) => member.addresses ?? []);
    owners = addresses.map(({ runtime, nativeId }) => `${runtime} ${nativeId}`).join('\n');
    known.set(key, owners);
  }
  return owners;
}

const ownersByTree = memoizeByObject((_tree: EntityTree) => new Map<string, string>());

/** How to list the data of owners, and the deadline. */
export interface Listing extends Pick<OwnerQuery<DataOwner>, 'clock' | 'call'> {
  readonly list: (owner: DataOwner, call: CallContext) => Promise<readonly DataEntry[]>;
}

/**
 * Resolves the data items of an entity by name. An entity with members has every item with this full name; if several
 * items only end with the name, it resolves to none.
 */
export async function resolveDataItems(
  model: Model,
  entity: Entity,
  name: string,
  { clock, call, list }: Listing,
): Promise<readonly DataItem[]> {
  const { owners, itemName } = resolveOwners(model, entity, name);
  const { entries, silent } = await ask({ owners, clock, call, budget: LIST }, list);
  const { items, isEnding } = resolveItems(entries, itemName);
  // An owner that did not answer may have the item.
  if (items.length === 0 && silent[0]) throw silent[0].error;
  if (isEnding && items.length > 1) return [];
  return items.map(({ entry, owners: [owner] }) => ({
    owner,
    itemId: entry.id,
    // A channel is the same for all of its users.
    source: entry.channel ? withoutSlash(entry.channel.name) : `${owner.entity.id}:${withoutSlash(entry.id)}`,
  }));
}
