import {
  type CallContext,
  type DataEntry,
  type Entity,
  type EntityRef,
  type EntityTree,
  type Model,
  onceFor,
} from '@medkit/core';
import type { DataOwner } from '../../data/data-owner.ts';
import { bare, itemsNamed } from '../../data/items-named.ts';
import { ownersMeant } from '../../data/named-data.ts';
import { ask, LIST, type Question } from '../../members/ask.ts';

/** A data item that is to be observed, and whom to ask for it. */
export interface DataItem {
  readonly owner: DataOwner;
  readonly itemId: string;
  /** By what its values are told apart from those of other items, also after a restart. */
  readonly source: string;
}

/** Who might have data of an entity in a tree, as one text: as long as it is the same, nobody else has. */
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

const ownersByTree = onceFor((_tree: EntityTree) => new Map<string, string>());

/** How owners are asked for what data they have, and until when. */
export interface Listing extends Pick<Question<DataOwner>, 'clock' | 'call'> {
  readonly list: (owner: DataOwner, call: CallContext) => Promise<readonly DataEntry[]>;
}

/**
 * The data items of an entity that a name means, as everywhere. An entity with members has every item that they call so, but
 * of several that only end with it none is meant more than the others.
 */
export async function itemsMeant(
  model: Model,
  entity: Entity,
  name: string,
  { clock, call, list }: Listing,
): Promise<readonly DataItem[]> {
  const { owners, itemName } = ownersMeant(model, entity, name);
  const { entries, silent } = await ask({ owners, clock, call, budget: LIST }, list);
  const { items, isEnding } = itemsNamed(entries, itemName);
  // Those who did not tell may have it.
  if (items.length === 0 && silent[0]) throw silent[0].error;
  if (isEnding && items.length > 1) return [];
  return items.map(({ entry, owners: [owner] }) => ({
    owner,
    itemId: entry.id,
    // A channel is the same whoever of its users is asked for it.
    source: entry.channel ? bare(entry.channel.name) : `${owner.entity.id}:${bare(entry.id)}`,
  }));
}
