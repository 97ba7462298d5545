import { SovdError } from '@medkit/contract';
import type { CallContext, ForwardReply, ForwardRequest, JsonValue, Model } from '@medkit/core';
import type { Exchange } from '../../http/exchange.ts';
import { documentOf, MAX_DOCUMENT_BYTES, withDocument } from './document-of.ts';
import { ForwardedReply } from './forwarded-reply.ts';
import { type PeerNames, peerNames } from './peer-names.ts';
import type { PartPlace } from './peer-places.ts';

/** `api`, `v1`, `areas`, `hall`. */
const SEGMENTS_OF_ENTITY = 4;
/** What may have been kept of an entity whose gateway is not there: its faults, and their recordings. */
const KEPT = /^\/(?:faults(?:\/[^/]+)?|bulk-data(?:\/rosbags(?:\/[^/]+)?)?)$/;
/** How long a gateway that is not there has for what was not kept of it: it may just be back. */
const AWAY_MS = 250;

export interface Forwarding {
  readonly exchange: Exchange;
  /** What follows the entity. */
  readonly path: string;
  readonly timeoutMs: number;
  /** What its documents are renamed by; its entities alone unless given. */
  readonly names?: PeerNames;
}

/**
 * The answer of another gateway to a request on an entity of it, in the names that its entities have here; of one that is not
 * there what was kept of it. Throws `not-responding` where nothing was.
 */
export async function forwardTo(
  model: Pick<Model, 'tree'>,
  place: PartPlace,
  { exchange: { body, forwarded, call }, path, timeoutMs, names = peerNames(model.tree, place.runtime) }: Forwarding,
): Promise<ForwardedReply> {
  // A change that it may still make must not be told as one that it does not answer.
  const request = { ...forwarded(names && body !== undefined ? names.there(body as JsonValue) : body), path };
  if (place.entity.available === false && !isKeptRead(request)) throw notResponding(place);
  const reply = await answered(place, request, { call, timeoutMs });
  if (!names) return new ForwardedReply(reply);
  if (request.method === 'HEAD') return new ForwardedReply(await headWithNamesHere(reply));
  const named = withNamesHere(reply, names).catch((error: unknown) => {
    throw request.method === 'GET' ? error : unread(error, place);
  });
  return new ForwardedReply(await named);
}

function isKeptRead({ method, path }: ForwardRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && KEPT.test(path);
}

/**
 * What it answers, else what was kept of it: it may have gone just now, or that be read more slowly than one that is away is
 * waited for.
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
    const kept = await keptInstead(place, request, call(timeoutMs));
    if (kept) return kept;
    throw isAway ? notResponding(place) : error;
  }
}

/** What was kept of another gateway for a request that it did not answer; `undefined` where nothing of the kind was. */
export async function keptInstead(
  { provider, nativeId }: Pick<PartPlace, 'provider' | 'nativeId'>,
  request: ForwardRequest,
  call: CallContext,
): Promise<ForwardReply | undefined> {
  return isKeptRead(request) ? provider.kept?.(nativeId, request, call) : undefined;
}

/** `/data/scan` of `/api/v1/areas/hall/data/scan`, also where a slash follows: not every gateway takes it for the same. */
export function pathBehindEntity(url: string): string {
  let from = 0;
  for (let segments = 0; segments < SEGMENTS_OF_ENTITY && from >= 0; segments += 1) from = url.indexOf('/', from + 1);
  if (from < 0) return '';
  let end = url.length;
  while (end > from && url[end - 1] === '/') end -= 1;
  return url.slice(from, end);
}

function notResponding({ entity: { id }, origin: peer }: PartPlace): SovdError {
  const message = `The gateway ${peer}, of which ${id} is, does not answer: what it told last is shown`;
  return new SovdError({ code: 'not-responding', message, parameters: { entity_id: id, peer, details: message } });
}

/** The reply with the ids of this tree in a document, and in the address of what was made. */
async function withNamesHere(reply: ForwardReply, names: PeerNames): Promise<ForwardReply> {
  const { location } = reply.headers;
  const headers: ForwardReply['headers'] = {
    ...reply.headers,
    ...(location !== undefined && { location: String(names.here(location)) }),
  };
  const isDocument = isJson(reply);
  const length = Number(headers['content-length'] ?? 1);
  if (!isDocument || length === 0 || length > MAX_DOCUMENT_BYTES) return { ...reply, headers };
  return withDocument({ ...reply, headers }, names.here(await documentOf(reply)));
}

/** The error of a change whose reply began and cannot be read: what it says of the change is not known. */
function unread(error: unknown, { origin: peer }: PartPlace): unknown {
  if (!(error instanceof SovdError)) return error;
  const details = error.message;
  const message = `The change was sent to the gateway ${peer}, and its outcome is unknown: ${details}`;
  return new SovdError({ code: 'x-medkit-outcome-unknown', message, parameters: { peer, details } });
}

/** What is said of a document that does not come: not how long it is there, under other names. */
async function headWithNamesHere(reply: ForwardReply): Promise<ForwardReply> {
  if (!isJson(reply)) return reply;
  const { 'content-length': _length, ...headers } = reply.headers;
  return { ...reply, headers };
}

function isJson({ headers }: ForwardReply): boolean {
  return /^application\/(?:[\w.-]+\+)?json/i.test(headers['content-type'] ?? '');
}
