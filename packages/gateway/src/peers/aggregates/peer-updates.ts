import { API_BASE, SovdError, UPDATE_ID } from '@medkit/contract';
import { fieldsOf, type JsonValue, type Model } from '@medkit/core';
import type { AnyHandler } from '../../http/chain.ts';
import { CALL_TIMEOUT_MS, type Exchange } from '../../http/exchange.ts';
import { type PeerNames, peerNames } from '../../peer-names/peer-names.ts';
import { forwardRequest } from '../forwarding/forward-request.ts';
import { peerPlaces } from '../forwarding/peer-places.ts';
import type { ListDocument } from './list-part.ts';

/** Separates the name of a peer from the id of its update. */
const SEPARATOR = '__';
const ADDRESS = `${API_BASE}/updates/`;
/** Errors of this gateway for an update of a peer. */
const NOT_OURS: ReadonlySet<string> = new Set(['x-medkit-update-not-found', 'not-implemented']);

/**
 * Renames the updates of a peer to `<peer>__<id>` and adds their origin: an id must not depend on which gateways
 * respond.
 */
export function updatesOf(origin: string, { items, 'x-medkit': facts }: ListDocument): ListDocument {
  const listed: readonly JsonValue[] = Array.isArray(items) ? items : [];
  const ids = listed.map((id) => `${origin}${SEPARATOR}${id}`).filter((id) => UPDATE_ID.test(id));
  const { origins: _origins, updates, unregistered, ...said } = (facts ?? {}) as Readonly<Record<string, JsonValue>>;
  const origins = ids.length > 0 && { origins: Object.fromEntries(ids.map((id) => [id, origin])) };
  const standing = objectsIn(updates).filter(({ id }) => ids.includes(`${origin}${SEPARATOR}${id}`));
  return {
    items: ids,
    'x-medkit': {
      ...said,
      ...origins,
      ...(updates !== undefined && {
        updates: standing.map((each) => ({ ...each, id: `${origin}${SEPARATOR}${each['id']}` })),
      }),
      ...(unregistered !== undefined && { unregistered: objectsIn(unregistered).map((each) => ({ ...each, origin })) }),
    } as JsonValue,
  };
}

function objectsIn(list: JsonValue | undefined): readonly Readonly<Record<string, JsonValue | undefined>>[] {
  return (Array.isArray(list) ? (list as readonly JsonValue[]) : []).flatMap((each) => {
    const fields = fieldsOf(each);
    return fields ? [fields] : [];
  });
}

/** Returns the reply for an update: of this gateway if it has it, otherwise of the peer named in its id. */
export async function readAnyUpdate(model: Model, handler: AnyHandler, exchange: Exchange): Promise<unknown> {
  const id = exchange.path['update_id'] ?? '';
  const place = peerPlaces(model)
    .filter(({ origin }) => id.startsWith(origin + SEPARATOR))
    .sort((a, b) => b.origin.length - a.origin.length)[0];
  if (!place) return handler(exchange);
  try {
    return await handler(exchange);
  } catch (error) {
    if (!(error instanceof SovdError) || !NOT_OURS.has(error.code)) throw error;
  }
  const there = id.slice(place.origin.length + SEPARATOR.length);
  const [, , , , , ...rest] = exchange.url.split('/');
  const path = ['/updates', encodeURIComponent(there), ...rest].join('/');
  const names = updateNames(peerNames(model.tree, place.runtime), there, id);
  return forwardRequest(model, place, { exchange, path, timeoutMs: CALL_TIMEOUT_MS, names });
}

/** Returns the name translation of a gateway's entities, extended by one update. */
function updateNames(entities: PeerNames | undefined, there: string, here: string): PeerNames {
  const renamed = (value: JsonValue, name: string): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => renamed(item, ''));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member, key)]));
    }
    if (typeof value !== 'string') return value;
    const address = ADDRESS + there;
    if (value === address || value.startsWith(`${address}/`)) return ADDRESS + here + value.slice(address.length);
    return value === there && (name === 'id' || name === 'update_id') ? here : value;
  };
  return {
    here: (document) => renamed(entities?.here(document) ?? document, ''),
    there: (document) => entities?.there(document) ?? document,
  };
}
