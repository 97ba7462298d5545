import { SovdError } from '@medkit/contract';
import { type Entity, isLocal, type Model } from '@medkit/core';
import { placesOf } from '@medkit/entities';
import type { AnyHandler } from '../../http/chain.ts';
import { CALL_TIMEOUT_MS, type Exchange } from '../../http/exchange.ts';
import type { ForwardedReply } from '../../http/forwarded-reply.ts';
import { forwardRequest, pathAfterEntity } from '../forwarding/forward-request.ts';
import type { Place } from '../forwarding/peer-places.ts';

export interface ItemSearch {
  readonly entity: Entity;
  readonly places: readonly Place[];
  readonly exchange: Exchange;
  /** Returns the item of this gateway. */
  readonly handler: AnyHandler;
}

/**
 * Returns an item that any gateway has: of the named member, otherwise of this gateway, otherwise of the first that has
 * it.
 */
export function readMemberItem(model: Model, search: ItemSearch): Promise<unknown> {
  const { entity, exchange } = search;
  const path = pathAfterEntity(exchange.url);
  const named = memberItem(model, entity, path);
  if (named) return forwardRequest(model, named.place, { exchange, path: named.path, timeoutMs: CALL_TIMEOUT_MS });
  return firstFound(model, path, search);
}

async function firstFound(
  model: Model,
  path: string,
  { entity, places, exchange, handler }: ItemSearch,
): Promise<unknown> {
  let missing: unknown;
  try {
    if (isLocal(entity)) return await handler(exchange);
  } catch (error) {
    if (!(error instanceof SovdError) || error.status !== 404) throw error;
    missing = error;
  }
  let last: ForwardedReply | undefined;
  for (const place of places) {
    last?.reply.close();
    last = await forwardRequest(model, place, { exchange, path, timeoutMs: CALL_TIMEOUT_MS });
    if (last.reply.status !== 404) return last;
  }
  if (missing === undefined) return last;
  last?.reply.close();
  throw missing;
}

/** Resolves an item `member:item` of a member on a peer to that member and the path of its item. */
function memberItem(
  model: Model,
  entity: Entity,
  path: string,
): { readonly place: Place; readonly path: string } | undefined {
  const [, collection = '', item = '', ...rest] = path.split('/');
  const [, name, itemId] = /^([\w-]+)(?::|%3A)(.+)$/i.exec(item) ?? [];
  if (name === undefined || itemId === undefined || name === entity.id) return undefined;
  const member = model.tree.members(entity).find(({ id }) => id === name);
  const place = member && !isLocal(member) ? placesOf(model, member, 'forwarding')[0] : undefined;
  return place && { place, path: ['', collection, itemId, ...rest].join('/') };
}
