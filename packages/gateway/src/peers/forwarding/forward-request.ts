import { SovdError } from '@medkit/contract';
import type { CallContext, ForwardReply, ForwardRequest, JsonValue, Model } from '@medkit/core';
import type { Exchange } from '../../http/exchange.ts';
import { ForwardedReply } from '../../http/forwarded-reply.ts';
import { type PeerNames, peerNames } from '../../peer-names/peer-names.ts';
import { MAX_DOCUMENT_BYTES, parseDocument, withDocument } from './parse-document.ts';
import type { PartPlace } from './peer-places.ts';

/** `api`, `v1`, `areas`, `hall`. */
const SEGMENTS_OF_ENTITY = 4;
/** Resources of which an offline peer may have copies: its faults and their recordings. */
const COPIED = /^\/(?:faults(?:\/[^/]+)?|bulk-data(?:\/rosbags(?:\/[^/]+)?)?)$/;
/** Timeout for an offline peer of whose resource a copy may exist: the peer may have just returned. */
const AWAY_MS = 250;

export interface Forwarding {
  readonly exchange: Exchange;
  /** Path after the entity. */
  readonly path: string;
  readonly timeoutMs: number;
  /** Translates the names in its documents; those of its entities unless given. */
  readonly names?: PeerNames;
}

/**
 * Forwards a request to a peer and returns its reply with local entity ids. For an offline peer, returns the copy.
 * Throws `not-responding` if there is none.
 */
export async function forwardRequest(
  model: Pick<Model, 'tree'>,
  place: PartPlace,
  { exchange: { body, forwarded, call }, path, timeoutMs, names = peerNames(model.tree, place.runtime) }: Forwarding,
): Promise<ForwardedReply> {
  // Checked before sending: a change that the peer may still make must not be reported as unanswered.
  const request = { ...forwarded(names && body !== undefined ? names.there(body as JsonValue) : body), path };
  if (place.entity.available === false && !isCopiedRead(request)) throw notResponding(place);
  const reply = await answered(place, request, { call, timeoutMs });
  if (!names) return new ForwardedReply(reply);
  if (request.method === 'HEAD') return new ForwardedReply(await headWithNamesHere(reply));
  const named = withNamesHere(reply, names).catch((error: unknown) => {
    throw request.method === 'GET' ? error : unread(error, place);
  });
  return new ForwardedReply(await named);
}

function isCopiedRead({ method, path }: ForwardRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && COPIED.test(path);
}

/**
 * Returns the peer's reply, otherwise the copy: the peer may have just gone offline, or the timeout may be too short
 * for it.
 */
async function answered(
  place: PartPlace,
  request: ForwardRequest,
  { call, timeoutMs }: Pick<Exchange, 'call'> & Pick<Forwarding, 'timeoutMs'>,
): Promise<ForwardReply> {
  const { provider, nativeId, entity } = place;
  const isAway = entity.available === false;
  try {
    return await provider.send(nativeId, request, call(isAway ? AWAY_MS : timeoutMs));
  } catch (error) {
    const copy = await readOfflineCopy(place, request, call(timeoutMs));
    if (copy) return copy;
    throw isAway ? notResponding(place) : error;
  }
}

/** Returns the copy for a request that a peer did not answer; `undefined` if there is none. */
export async function readOfflineCopy(
  { provider, nativeId }: Pick<PartPlace, 'provider' | 'nativeId'>,
  request: ForwardRequest,
  call: CallContext,
): Promise<ForwardReply | undefined> {
  return isCopiedRead(request) ? provider.kept?.(nativeId, request, call) : undefined;
}

/**
 * Returns `/data/scan` of `/api/v1/areas/hall/data/scan`, without a trailing slash, which some gateways treat as
 * another path.
 */
export function pathAfterEntity(url: string): string {
  let from = 0;
  for (let segments = 0; segments < SEGMENTS_OF_ENTITY && from >= 0; segments += 1) from = url.indexOf('/', from + 1);
  if (from < 0) return '';
  let end = url.length;
  while (end > from && url[end - 1] === '/') end -= 1;
  return url.slice(from, end);
}

function notResponding({ entity: { id }, origin: peer }: PartPlace): SovdError {
  const message = `The gateway ${peer}, which owns ${id}, does not answer: its last known state is shown`;
  return new SovdError({ code: 'not-responding', message, parameters: { entity_id: id, peer, details: message } });
}

/** Translates entity ids in the document and `Location` of a reply. */
async function withNamesHere(reply: ForwardReply, names: PeerNames): Promise<ForwardReply> {
  const { location } = reply.headers;
  const headers: ForwardReply['headers'] = {
    ...reply.headers,
    ...(location !== undefined && { location: String(names.here(location)) }),
  };
  const isDocument = isJson(reply);
  const length = Number(headers['content-length'] ?? 1);
  if (!isDocument || length === 0 || length > MAX_DOCUMENT_BYTES) return { ...reply, headers };
  return withDocument({ ...reply, headers }, names.here(await parseDocument(reply)));
}

/** Returns the error for a change whose reply cannot be read: its outcome is unknown. */
function unread(error: unknown, { origin: peer }: PartPlace): unknown {
  if (!(error instanceof SovdError)) return error;
  const details = error.message;
  const message = `The change was sent to the gateway ${peer}, and its outcome is unknown: ${details}`;
  return new SovdError({ code: 'x-medkit-outcome-unknown', message, parameters: { peer, details } });
}

/** Removes the length of a document from the headers: translated names change it. */
async function headWithNamesHere(reply: ForwardReply): Promise<ForwardReply> {
  if (!isJson(reply)) return reply;
  const { 'content-length': _length, ...headers } = reply.headers;
  return { ...reply, headers };
}

function isJson({ headers }: ForwardReply): boolean {
  return /^application\/(?:[\w.-]+\+)?json/i.test(headers['content-type'] ?? '');
}
