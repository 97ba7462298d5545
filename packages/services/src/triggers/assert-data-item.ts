import { SovdError } from '@medkit/contract';
import type { CallContext, Entity, Model } from '@medkit/core';
import { gather } from '../members/gather.ts';
import { closestNames, nearestName } from '../values/closest-names.ts';
import { ownersMeant } from './sources/data-items.ts';

/** Names that an error lists at most. */
const MAX_NAMES = 20;

/**
 * Throws `invalid-parameter` where a plugin tells the items of its entity and this is none of them: it will never have a value.
 * A topic of the graph may still come, and so may the items of members that cannot tell at the moment.
 */
export async function assertDataItem(
  model: Model,
  entity: Entity,
  { item, resource }: { readonly item: string; readonly resource: string },
  call: CallContext,
): Promise<void> {
  if (entity.source !== 'plugin') return;
  const { owners, itemName } = ownersMeant(model, entity, item);
  const { entries, silent } = await gather(owners, ({ provider, nativeId }) => provider.list(nativeId, call));
  if (owners.length === 0 || silent.length > 0) return;
  const names = [...new Set(entries.map(({ entry }) => entry.id))];
  if (names.some((name) => name === itemName || `/${name}`.endsWith(`/${itemName}`))) return;
  const nearest = nearestName(itemName, names);
  const meant = nearest === undefined ? '' : `: did you mean '${nearest}'?`;
  throw new SovdError({
    code: 'invalid-parameter',
    message: `${entity.kind} ${entity.id} has no data item '${item}'${meant}`,
    parameters: {
      parameter: 'resource',
      resource_path: resource,
      available_count: names.length,
      ...(nearest !== undefined && { did_you_mean: nearest }),
      closest: closestNames(itemName, names).slice(0, MAX_NAMES),
    },
  });
}
