import { FAULT_LIST_JOIN, ITEM_LIST_JOIN, type ListJoin, LOG_LIST_JOIN } from '@medkit/contract';
import {
  type CallContext,
  type EntityRef,
  fieldsOf,
  type JsonFields,
  type JsonValue,
  LOCAL,
  type Model,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { ask, failedMembers, LIST, type ResourceSampler } from '@medkit/services';
import { peerList } from '../../peer-names/peer-faults.ts';
import { readPeerList } from './collect-lists.ts';
import type { ListDocument } from './list-part.ts';
import { mergeLists } from './merged-list.ts';
import { partPlaces } from './part-places.ts';
import { uniqueGateways } from './unique-gateways.ts';

export interface MergedSamplersOptions {
  readonly model: Model;
  readonly clock: Clock;
}

/** Converts between an event of a subscription and the list in it. */
interface EventFormat {
  readonly join: ListJoin;
  readonly listOf: (payload: JsonFields) => ListDocument;
  readonly payloadOf: (list: ListDocument) => JsonFields;
}

const missing = ({ 'x-medkit': about }: ListDocument): JsonFields => {
  const { partial, failed_members } = fieldsOf(about) ?? {};
  return partial === true ? ({ 'x-medkit': { partial, failed_members } } as JsonFields) : {};
};
const WHOLE: Omit<EventFormat, 'join'> = {
  listOf: (payload) => payload,
  payloadOf: (list) => ({ items: list.items, ...missing(list) }) as JsonFields,
};
const FORMATS: Readonly<Record<string, EventFormat>> = {
  faults: {
    join: FAULT_LIST_JOIN,
    listOf: ({ faults, 'x-medkit': about, ...counts }) =>
      ({ items: faults, 'x-medkit': { ...counts, ...fieldsOf(about) } }) as ListDocument,
    payloadOf: (list) => {
      const { muted_count = 0, cluster_count = 0 } = fieldsOf(list['x-medkit']) ?? {};
      const faults = Array.isArray(list.items) ? list.items : [];
      return { faults, count: faults.length, muted_count, cluster_count, ...missing(list) } as JsonFields;
    },
  },
  logs: { ...WHOLE, join: LOG_LIST_JOIN },
  operations: { ...WHOLE, join: ITEM_LIST_JOIN },
};

/**
 * Returns samplers that read the merged lists of an entity that several gateways have, and name late gateways, as a
 * reply would.
 */
export function mergedSamplers(
  options: MergedSamplersOptions,
  samplers: ReadonlyMap<string, ResourceSampler>,
): ReadonlyMap<string, ResourceSampler> {
  const merged = Object.entries(FORMATS).flatMap(([collection, format]) => {
    const sampler = samplers.get(collection);
    return sampler ? [[collection, mergedSampler(options, collection, format, sampler)] as const] : [];
  });
  return new Map([...samplers, ...merged]);
}

function mergedSampler(
  options: MergedSamplersOptions,
  collection: string,
  { join, listOf, payloadOf }: EventFormat,
  local: ResourceSampler,
): ResourceSampler {
  const { model, clock } = options;
  const sample = async (ref: EntityRef, path: string, call: CallContext): Promise<JsonValue> => {
    const entity = model.tree.resolve(ref.kind, ref.id);
    const places = entity ? partPlaces(model, entity) : [];
    if (!entity || places.length === 0) return (await local.sample(ref, path, call)).payload;
    const headers = { accept: 'application/json' };
    const request = { method: 'GET' as const, query: '', headers };
    const others = uniqueGateways(model.tree, { places, request });
    const here = { origin: LOCAL, runtime: LOCAL, entity, place: undefined };
    const owners = [here, ...others.places.map((place) => ({ ...place, place }))];
    const { entries, silent } = await ask({ owners, clock, call, budget: LIST }, async ({ place }, within) => {
      if (!place) return [listOf(fieldsOf((await local.sample(ref, path, call)).payload) ?? {})];
      const list = await readPeerList(place, { ...others.requestTo(place), path: `/${collection}` }, within);
      return list === undefined ? [] : [peerList(model.tree, place.runtime, list) as ListDocument];
    });
    const parts = entries.map(({ owner: { origin }, entry }) => ({ origin, list: entry }));
    return payloadOf(mergeLists(parts, failedMembers(silent), join) as unknown as ListDocument) as JsonValue;
  };
  return { ...local, sample: async (...args) => ({ payload: await sample(...args) }) };
}
