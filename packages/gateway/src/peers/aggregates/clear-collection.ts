import { SovdError } from '@medkit/contract';
import { type Entity, type ForwardReply, isJsonObject, isLocal, type JsonValue, LOCAL, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { ask, CHANGE, placesOf } from '@medkit/entities';
import { Answer, done } from '../../http/answer.ts';
import type { AnyHandler } from '../../http/chain.ts';
import type { Exchange } from '../../http/exchange.ts';
import { peerNames } from '../../peer-names/peer-names.ts';
import { pathAfterEntity } from '../forwarding/forward-request.ts';
import { parseDocument } from '../forwarding/parse-document.ts';
import type { Place } from '../forwarding/peer-places.ts';
import { isAbsent, peerRefusal, throwEarlyRefusal } from './collect-lists.ts';
import { uniqueGateways } from './unique-gateways.ts';

/** A collection of an entity to clear on several gateways. */
export interface CollectionClear {
  readonly entity: Entity;
  readonly collection: 'faults' | 'configurations';
  readonly places: readonly Place[];
  readonly exchange: Exchange;
  /** Clears the part of this gateway. */
  readonly handler: AnyHandler;
}

type Fields = Readonly<Record<string, JsonValue>>;

/** The result of one part: for each member as its gateway reports it, or for the whole. */
type Outcome = { readonly error?: string } | { readonly results: readonly JsonValue[] };

/**
 * Clears a collection on all gateways concurrently. Responds with 204 if everything succeeded, otherwise with 207 and
 * the result of each part; always with 207 for configurations that a peer has too. If this gateway rejects the request,
 * throws before any peer is called.
 */
export async function clearCollection(model: Model, clock: Clock, clearing: CollectionClear): Promise<Answer<unknown>> {
  const { entity, collection, exchange, handler } = clearing;
  const local = isLocal(entity) ? Promise.resolve(handler(exchange)) : Promise.resolve(undefined);
  await throwEarlyRefusal(local);
  const request = exchange.forwarded(undefined);
  const { places, requestTo } = uniqueGateways(model.tree, { places: clearing.places, request });
  const path = pathAfterEntity(exchange.url);
  const here = { origin: LOCAL, place: undefined };
  const owners = [...(isLocal(entity) ? [here] : []), ...places.map((place) => ({ origin: place.origin, place }))];
  const question = { owners, clock, call: exchange.call(), budget: CHANGE };
  const { entries, silent } = await ask(question, async ({ place }, within): Promise<Outcome[]> => {
    if (!place) return localOutcome(model, entity, await local.catch(absentIsNothing));
    const reply = await place.provider.send(place.nativeId, { ...requestTo(place), path }, within);
    return peerOutcome(model, place, reply);
  });
  const outcomes = [...entries, ...silent.map(({ owner, error }) => ({ owner, entry: { error: errorText(error) } }))];
  const isListed = collection === 'configurations' && outcomes.some(({ owner }) => owner.place);
  if (!isListed && outcomes.every(({ entry }) => isDone(entry))) return done();
  const results = owners.flatMap((owner) =>
    outcomes
      .filter((outcome) => outcome.owner === owner)
      .flatMap(({ entry }) => ('results' in entry ? entry.results : resultsOf(model, clearing, owner.place, entry)))
      .map((result) => ofOrigin(result, owner.origin)),
  );
  return new Answer(207, { entity_id: entity.id, results });
}

function isDone(outcome: Outcome): boolean {
  if ('results' in outcome) return outcome.results.every((result) => (result as Fields)['success'] === true);
  return outcome.error === undefined;
}

/** Returns this gateway's results, without those of members on peers. */
function localOutcome({ tree }: Model, entity: Entity, answer: unknown): Outcome[] {
  if (answer === undefined) return [];
  const { body } = answer as { readonly body?: { readonly results?: readonly Fields[] } };
  if (!body?.results) return [{}];
  const remoteApps = new Set(tree.members(entity).flatMap((member) => (isLocal(member) ? [] : member.id)));
  const results = body.results.filter(({ app_id }) => !remoteApps.has(String(app_id)));
  return [{ results }];
}

function absentIsNothing(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}

async function peerOutcome(model: Model, { origin, runtime }: Place, reply: ForwardReply): Promise<Outcome[]> {
  const { status, close } = reply;
  if (status === 204 || status === 404 || status === 501) {
    close();
    // It has no such items, or no longer the entity.
    return status === 204 ? [{}] : [];
  }
  const received = await parseDocument(reply);
  const document = (peerNames(model.tree, runtime)?.here(received) ?? received) as Fields | null;
  const results = status === 207 ? document?.['results'] : undefined;
  const message = document?.['message'];
  if (!Array.isArray(results)) throw peerRefusal(origin, status, typeof message === 'string' ? message : '');
  return [{ results: results.flatMap(peerResult) }];
}

/** Converts a result of a peer to the contract's form; drops anything else. */
function peerResult(value: JsonValue): readonly Fields[] {
  const { entity_id, app_id, node = '', success, error, details } = (value ?? {}) as Fields;
  if (typeof success !== 'boolean') return [];
  const said: Fields = { success, ...(typeof error === 'string' && { error }) };
  if (typeof app_id !== 'string') return typeof entity_id === 'string' ? [{ entity_id, ...said }] : [];
  const isObject = isJsonObject(details);
  return [{ node: String(node), app_id, ...said, ...(isObject && { details }) }];
}

/** Returns one result for each part on a gateway: for faults the entity, for configurations its apps. */
function resultsOf(
  model: Model,
  { entity, collection }: CollectionClear,
  place: Place | undefined,
  { error }: { readonly error?: string },
): readonly Fields[] {
  const said: Fields = { success: error === undefined, ...(error !== undefined && { error }) };
  const there = place?.entity ?? entity;
  if (collection === 'faults') return [{ entity_id: there.id, ...said }];
  const hasPart = (member: Entity): boolean =>
    place
      ? (member.addresses ?? []).some(({ runtime }) => runtime === place.runtime)
      : placesOf(model, member, 'configurations').some(({ origin }) => origin === LOCAL);
  const apps = model.tree.members(there).filter((member) => member.kind === 'app' && hasPart(member));
  const members: readonly Entity[] = apps.length > 0 ? apps : [there];
  return members.map((member) => ({ node: (member.kind === 'app' && member.node) || '', app_id: member.id, ...said }));
}

function ofOrigin(result: JsonValue, origin: string): JsonValue {
  return origin === LOCAL ? result : { ...(result as Fields), 'x-medkit': { origin } };
}

/** Other errors than `SovdError` are not disclosed to clients. */
function errorText(error: unknown): string {
  return error instanceof SovdError ? error.message : 'No answer';
}
