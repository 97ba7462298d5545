import {
  type CyclicSubscriptionCreateRequest,
  type EntityKind,
  SovdError,
  SUBSCRIPTION_PERIODS_MS,
  type SubscriptionInterval,
} from '@medkit/contract';
import type { Entity, EntityTree } from '@medkit/core';
import { type ObservedResource, observedResource } from '@medkit/entities';
import type { ResourceSampler } from './resource-sampler.ts';
import { SSE, type Subscription } from './subscription.ts';

/** The collections of SOVD, and the kinds of entities that can have them. */
const COLLECTIONS: Readonly<Record<string, readonly EntityKind[]>> = {
  'bulk-data': ['component', 'app', 'function'],
  'communication-logs': [],
  configurations: ['component', 'app', 'function'],
  'cyclic-subscriptions': ['component', 'app', 'function'],
  data: ['component', 'app', 'function'],
  'data-lists': ['component', 'app'],
  faults: ['component', 'app', 'function'],
  locks: ['component', 'app'],
  logs: ['component', 'app', 'function'],
  modes: ['component', 'app'],
  operations: ['component', 'app', 'function'],
  scripts: ['component', 'app'],
  triggers: ['component', 'app'],
  updates: ['component', 'app'],
};

export interface SubscriptionRules {
  readonly tree: EntityTree;
  readonly samplers: ReadonlyMap<string, ResourceSampler>;
  readonly protocols: readonly string[];
  /** `sse.max_duration_sec`. */
  readonly maxDurationSec: number;
}

export type RequestedSubscription = Omit<Subscription, 'id' | 'entity'> & {
  readonly sampler: ResourceSampler;
  readonly durationMs: number;
};

/** Validates a request for a subscription, in the order that clients expect. Throws `SovdError`. */
export function validateSubscriptionRequest(
  rules: SubscriptionRules,
  entity: Entity,
  { resource: uri, interval, duration, protocol: wantedProtocol }: CyclicSubscriptionCreateRequest,
): RequestedSubscription {
  const { protocols, maxDurationSec } = rules;
  const protocol = wantedProtocol ?? SSE;
  if (!protocols.includes(protocol)) {
    const message = `The protocol "${protocol}" is not supported; use one of ${protocols.join(', ')}`;
    throw new SovdError({ code: 'x-medkit-unsupported-protocol', message, parameters: { protocol } });
  }
  const wanted = { protocol, interval: intervalOf(interval), durationMs: durationOf(duration, maxDurationSec) };
  const resource = observedResource(uri);
  return { ...wanted, resource, sampler: samplerOf(rules, entity, resource) };
}

/** Throws `invalid-parameter` for any value but the three intervals. */
export function intervalOf(interval: string): SubscriptionInterval {
  if (Object.hasOwn(SUBSCRIPTION_PERIODS_MS, interval)) return interval as SubscriptionInterval;
  throw new SovdError({
    code: 'invalid-parameter',
    message: 'interval must be fast, normal or slow',
    parameters: { parameter: 'interval', value: interval },
  });
}

/**
 * Validates a duration and returns milliseconds. Throws `invalid-parameter` if it is not positive or above the maximum.
 */
export function durationOf(duration: number, maxDurationSec: number): number {
  if (duration > 0 && duration <= maxDurationSec) return duration * 1000;
  throw new SovdError({
    code: 'invalid-parameter',
    message: `duration must be from 1 to ${maxDurationSec} seconds`,
    parameters: {
      parameter: 'duration',
      value: duration,
      ...(duration > maxDurationSec && { max_value: maxDurationSec }),
    },
  });
}

function samplerOf({ tree, samplers }: SubscriptionRules, entity: Entity, resource: ObservedResource): ResourceSampler {
  const { collection, path } = resource;
  const isVendors = collection.startsWith('x-');
  if (!isVendors && !Object.hasOwn(COLLECTIONS, collection)) throw invalid(resource, 'the collection does not exist');
  if (resource.entity === undefined || collection === 'updates') assertStatusOfUpdate(resource);
  if (resource.entity !== undefined) {
    const observed = tree.resolve(resource.entity.kind, resource.entity.id);
    if (observed?.kind !== entity.kind || observed.id !== entity.id) throw mismatch(resource, entity);
    if (!isVendors && !COLLECTIONS[collection]?.includes(entity.kind)) throw notSupported(resource, entity);
  }
  if (collection === 'data' && path === '') throw invalid(resource, 'data must be followed by the name of a data item');
  const sampler = samplers.get(collection);
  if (!sampler) {
    const served = [...samplers.keys()].join(', ');
    const message = `${collection} cannot be subscribed to at the moment; available are ${served}`;
    throw new SovdError({ code: 'x-medkit-collection-not-available', message, parameters: { collection } });
  }
  if (path !== '' && sampler.path === 'none')
    throw invalid(resource, `${collection} can only be subscribed to as a whole`);
  return sampler;
}

/** The status of an update is the only resource of the server itself that supports subscriptions. */
function assertStatusOfUpdate(resource: ObservedResource): void {
  if (resource.collection === 'updates' && /^[^/]+\/status$/.test(resource.path)) return;
  throw invalid(resource, 'the only resource of the server itself for subscriptions is /api/v1/updates/{id}/status');
}

function invalid({ uri, collection }: ObservedResource, reason: string): SovdError {
  return new SovdError({
    code: 'x-medkit-invalid-resource-uri',
    message: `${uri} cannot be subscribed to: ${reason}`,
    parameters: { parameter: 'resource', value: uri, collection },
  });
}

function mismatch({ uri }: ObservedResource, { id }: Entity): SovdError {
  const message = `${uri} belongs to another entity than ${id}, the entity of the subscription`;
  return new SovdError({ code: 'x-medkit-entity-mismatch', message, parameters: { entity_id: id, value: uri } });
}

function notSupported({ collection }: ObservedResource, { id, kind }: Entity): SovdError {
  const message = `No ${kind} has ${collection}`;
  const parameters = { entity_id: id, collection };
  return new SovdError({ code: 'x-medkit-collection-not-supported', message, parameters });
}
