import { SovdError } from '@medkit/contract';
import { type Entity, type ForwardReply, isLocal, type JsonValue, LOCAL, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { ask, CHANGE, placesOf } from '@medkit/services';
import { Answer, done } from '../../http/answer.ts';
import type { AnyHandler } from '../../http/chain.ts';
import type { Exchange } from '../../http/exchange.ts';
import { documentOf } from '../forwarding/document-of.ts';
import { pathBehindEntity } from '../forwarding/forward-to.ts';
import { peerNames } from '../forwarding/peer-names.ts';
import type { Place } from '../forwarding/peer-places.ts';
import { isAbsent, refusedAtOnce, refusedBy } from './joined-parts.ts';
import { onceEach } from './once-each.ts';

/** A collection of an entity that is to be cleared at several gateways. */
export interface Clearing {
  readonly entity: Entity;
  readonly collection: 'faults' | 'configurations';
  readonly places: readonly Place[];
  readonly exchange: Exchange;
  /** Clears what this gateway has. */
  readonly handler: AnyHandler;
}

type Fields = Readonly<Record<string, JsonValue>>;

/** What became of one part: as that gateway says it of each member, or of the whole. */
type Outcome = { readonly error?: string } | { readonly results: readonly JsonValue[] };

/**
 * Clears what every gateway has of a collection, each at once: 204 where all of it is done, else 207 with what became of each
 * part, and so always of configurations of which another gateway has some. Throws what this gateway has against the request before any other is asked.
 */
export async function clearedParts(model: Model, clock: Clock, clearing: Clearing): Promise<Answer<unknown>> {
  const { entity, collection, exchange, handler } = clearing;
  const own = isLocal(entity) ? Promise.resolve(handler(exchange)) : Promise.resolve(undefined);
  await refusedAtOnce(own);
  const request = exchange.forwarded(undefined);
  const { places, requestTo } = onceEach(model.tree, { places: clearing.places, request });
  const path = pathBehindEntity(exchange.url);
  const here = { origin: LOCAL, place: undefined };
  const owners = [...(isLocal(entity) ? [here] : []), ...places.map((place) => ({ origin: place.origin, place }))];
  const question = { owners, clock, call: exchange.call(), budget: CHANGE };
  const { entries, silent } = await ask(question, async ({ place }, within): Promise<Outcome[]> => {
    if (!place) return ownOutcome(model, entity, await own.catch(absentIsNothing));
    const reply = await place.provider.send(place.nativeId, { ...requestTo(place), path }, within);
    return peerOutcome(model, place, reply);
  });
  const outcomes = [...entries, ...silent.map(({ owner, error }) => ({ owner, entry: { error: wordsOf(error) } }))];
  const isTold = collection === 'configurations' && outcomes.some(({ owner }) => owner.place);
  if (!isTold && outcomes.every(({ entry }) => isDone(entry))) return done();
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

/** What this gateway has done, of its own members: of others it says only that it has not. */
function ownOutcome({ tree }: Model, entity: Entity, answer: unknown): Outcome[] {
  if (answer === undefined) return [];
  const { body } = answer as { readonly body?: { readonly results?: readonly Fields[] } };
  if (!body?.results) return [{}];
  const elsewhere = new Set(tree.members(entity).flatMap((member) => (isLocal(member) ? [] : member.id)));
  const results = body.results.filter(({ app_id }) => !elsewhere.has(String(app_id)));
  return [{ results }];
}

function absentIsNothing(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}

async function peerOutcome(model: Model, { origin, runtime }: Place, reply: ForwardReply): Promise<Outcome[]> {
  const { status, close } = reply;
  if (status === 204 || status === 404 || status === 501) {
    close();
    // It has none of these, or no such entity any more.
    return status === 204 ? [{}] : [];
  }
  const told = await documentOf(reply);
  const document = (peerNames(model.tree, runtime)?.here(told) ?? told) as Fields | null;
  const results = status === 207 ? document?.['results'] : undefined;
  const message = document?.['message'];
  if (!Array.isArray(results)) throw refusedBy(origin, status, typeof message === 'string' ? message : '');
  return [{ results: results.flatMap(toldResult) }];
}

/** A result of another gateway with what the contract has of one; none of what is no result. */
function toldResult(value: JsonValue): readonly Fields[] {
  const { entity_id, app_id, node = '', success, error, details } = (value ?? {}) as Fields;
  if (typeof success !== 'boolean') return [];
  const said: Fields = { success, ...(typeof error === 'string' && { error }) };
  if (typeof app_id !== 'string') return typeof entity_id === 'string' ? [{ entity_id, ...said }] : [];
  const isObject = typeof details === 'object' && details !== null && !Array.isArray(details);
  return [{ node: String(node), app_id, ...said, ...(isObject && { details }) }];
}

/** One result of each that has a part there: of faults the entity, of configurations its apps. */
function resultsOf(
  model: Model,
  { entity, collection }: Clearing,
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

/** What is no SovdError was never meant for a client. */
function wordsOf(error: unknown): string {
  return error instanceof SovdError ? error.message : 'No answer';
}
