import { SovdError } from '@medkit/contract';
import { type CallContext, type Entity, isEntityId, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { errorsAbout } from '../members/about.ts';
import { hurried } from '../members/hurried.ts';
import { isAggregate, ownersNamed, ownersOf } from '../members/owners.ts';
import { type DataOwner, gatherData, type OwnedData } from './data-owner.ts';
import { mergeEntries } from './merge-entries.ts';

/** Whom to ask for one item, and under which name. */
export interface DataTarget {
  readonly owner: DataOwner;
  readonly itemId: string;
  /** The member that the client named, where it did. */
  readonly memberId?: string;
}

interface Request {
  readonly model: Model;
  readonly clock: Clock;
  readonly entity: Entity;
  readonly dataId: string;
  readonly call: CallContext;
}

/**
 * Finds who has the item that `dataId` names on an entity: a bare id with or without its leading slash, or on an aggregate
 * `member:id`. Throws `resource-not-found` where nobody can have it, `invalid-request` where it is several items.
 */
export function targetOf(request: Request): DataTarget | Promise<DataTarget> {
  const { model, entity, dataId } = request;
  const owners = ownersOf(model, entity, 'data');
  if (owners.length === 0) throw notFound(request, 'The entity has no data');
  const [only] = owners;
  if (only && !isAggregate(model.tree, entity)) return { owner: only, itemId: dataId };
  const colon = dataId.indexOf(':');
  // What comes before the colon of `/scan:publish`, which old web UIs send, is no entity id.
  const names = colon >= 0 && isEntityId(dataId.slice(0, colon));
  return names ? targetOfMember(request, owners, colon) : targetOfBareId(request, owners);
}

async function targetOfMember(request: Request, owners: readonly DataOwner[], colon: number): Promise<DataTarget> {
  const { model, clock, call, entity, dataId } = request;
  const memberId = dataId.slice(0, colon);
  const itemId = dataId.slice(colon + 1);
  return errorsAbout({ id: dataId, member_id: memberId, topic_name: itemId }, async () => {
    const named = ownersNamed(model, entity, memberId, owners);
    const { entries, silent } = await gatherData(named, hurried(clock, call));
    const found = entries.find(({ entry }) => isNamed(entry.id, itemId));
    if (found) return { owner: found.owner, itemId: found.entry.id, memberId };
    if (silent[0]) throw silent[0].error;
    throw notFound(request, 'Data item not provided by member');
  });
}

async function targetOfBareId(request: Request, owners: readonly DataOwner[]): Promise<DataTarget> {
  const { dataId } = request;
  const { entries } = await gatherData(owners, hurried(request.clock, request.call));
  const items = mergeEntries(entries.filter(({ entry }: OwnedData) => isNamed(entry.id, dataId)));
  if (items.length > 1) {
    const ids = items.map(({ id }) => id);
    throw new SovdError({
      code: 'invalid-request',
      message: `Several members have an item of this name; ask for one of ${ids.join(', ')}`,
      parameters: { id: dataId, candidates: ids },
    });
  }
  const [item] = items;
  if (item) return { owner: item.owners[0], itemId: item.entry.id };
  // Nobody has it now: whoever is asked knows best whether it may still come, as a topic may.
  const [first] = owners;
  if (!first) throw notFound(request, 'The entity has no data');
  return { owner: first, itemId: dataId };
}

function isNamed(id: string, asked: string): boolean {
  return id === asked || id === `/${asked}`;
}

function notFound({ dataId }: Request, message: string): SovdError {
  return new SovdError({ code: 'resource-not-found', message, parameters: { id: dataId } });
}
