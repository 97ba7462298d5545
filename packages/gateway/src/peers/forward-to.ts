import { SovdError } from '@medkit/contract';
import { type Entity, type ForwardReply, type JsonValue, type Model, stringifyJson } from '@medkit/core';
import type { Owner } from '@medkit/services';
import type { Exchange } from '../http/exchange.ts';
import { documentOf, MAX_DOCUMENT_BYTES } from './document-of.ts';
import { ForwardedReply } from './forwarded-reply.ts';
import { type PeerNames, peerNames } from './peer-names.ts';

/** An entity at the gateway that has it, and the way there. */
export type Place = Owner<'forwarding'>;

export interface Forwarding {
  readonly exchange: Exchange;
  /** What follows the entity. */
  readonly path: string;
  readonly timeoutMs: number;
}

/** The answer of another gateway to a request on an entity of it, in the names that its entities have here. */
export async function forwardTo(
  model: Pick<Model, 'tree'>,
  { entity, runtime, origin, nativeId, provider }: Place,
  { exchange: { body, forwarded, call }, path, timeoutMs }: Forwarding,
): Promise<ForwardedReply> {
  if (entity.available === false) throw notResponding(entity, origin);
  const names = peerNames(model.tree, runtime);
  const request = forwarded(names && body !== undefined ? names.there(body as JsonValue) : body);
  const reply = await provider.send(nativeId, { ...request, path }, call(timeoutMs));
  return new ForwardedReply(names ? await withNamesHere(reply, names) : reply);
}

/** `/data/scan` of `/api/v1/areas/hall/data/scan`. */
export function pathBehindEntity(url: string): string {
  const [, , , , , ...rest] = url.split('/');
  return rest.map((part) => `/${part}`).join('');
}

function notResponding({ id }: Entity, peer: string): SovdError {
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
  const isDocument = /^application\/(?:[\w.-]+\+)?json/i.test(headers['content-type'] ?? '');
  const length = Number(headers['content-length'] ?? 1);
  if (!isDocument || length === 0 || length > MAX_DOCUMENT_BYTES) return { ...reply, headers };
  const octets = Buffer.from(stringifyJson(names.here(await documentOf(reply))));
  return { ...reply, headers: { ...headers, 'content-length': String(octets.length) }, body: inOnePart(octets) };
}

async function* inOnePart(octets: Buffer): AsyncIterable<Uint8Array> {
  yield octets;
}
