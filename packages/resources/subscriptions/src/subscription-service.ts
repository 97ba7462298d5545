import {
  type CyclicSubscription,
  type CyclicSubscriptionCreateRequest,
  type CyclicSubscriptionList,
  type CyclicSubscriptionUpdateRequest,
  type EntityKind,
  SovdError,
  SUBSCRIPTION_PERIODS_MS,
} from '@medkit/contract';
import {
  type CallContext,
  isLocal,
  type Log,
  type Model,
  ownerOf,
  quotaBlock,
  type RuntimeHealth,
  type SubscriptionTransport,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  assertOwner,
  dormancy,
  dormancyWarnings,
  entityOf,
  NO_OBSERVATION_LIMITS,
  notServed,
  type ObservationLimits,
  type Observer,
  type OwnerProblem,
  renamedEntity,
} from '@medkit/entities';
import { Delivery } from './delivery.ts';
import { type LiveSubscription, LiveSubscriptions } from './live-subscriptions.ts';
import { ObservedSources } from './observed-sources.ts';
import type { ResourceSampler } from './resource-sampler.ts';
import { observedBy, SSE, type Subscription, subscriptionView } from './subscription.ts';
import type { SubscriptionViewer } from './subscription-feed.ts';
import { durationOf, intervalOf, validateSubscriptionRequest } from './subscription-request.ts';

/**
 * The cyclic subscriptions of entities. Every call throws `SovdError`. With `reader`, the client, subscriptions
 * that its scopes do not include do not exist.
 */
export interface SubscriptionService {
  create(
    kind: EntityKind,
    id: string,
    request: CyclicSubscriptionCreateRequest,
    call: CallContext,
  ): Promise<CyclicSubscription>;
  list(kind: EntityKind, id: string, reader?: Observer): CyclicSubscriptionList;
  get(kind: EntityKind, id: string, subscriptionId: string, reader?: Observer): CyclicSubscription;
  update(
    kind: EntityKind,
    id: string,
    subscriptionId: string,
    change: CyclicSubscriptionUpdateRequest,
    call: CallContext,
  ): CyclicSubscription;
  remove(kind: EntityKind, id: string, subscriptionId: string, call: CallContext): void;
  /**
   * Returns a function that adds a viewer and returns a function to remove it. Throws
   * `x-medkit-transport-not-streamable` if the subscription's protocol has no event stream.
   */
  viewing(
    kind: EntityKind,
    id: string,
    subscriptionId: string,
    reader?: Observer,
  ): (viewer: SubscriptionViewer) => () => void;
  /** Returns whether a subscription exists for a client now, whatever its entity is called. */
  isVisible(subscriptionId: string, reader: Observer): boolean;
}

/** The service with its health and lifecycle. */
export interface Subscriptions {
  readonly service: SubscriptionService;
  health(): RuntimeHealth;
  /** Ends all subscriptions. */
  close(): void;
}

export interface SubscriptionsOptions {
  readonly model: Pick<Model, 'tree' | 'events'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly samplers: ReadonlyMap<string, ResourceSampler>;
  /** Further transports by protocol, in addition to event streams. */
  readonly transports?: ReadonlyMap<string, SubscriptionTransport>;
  /** Returns why the owner of a subscription cannot have it any more. If absent, every owner can. */
  readonly ownerProblem?: OwnerProblem;
  /** Limits of clients with scopes. If absent, no client has any. */
  readonly observationLimits?: ObservationLimits;
  /** `sse.max_subscriptions`. */
  readonly maxSubscriptions: number;
  /** `sse.max_duration_sec`. */
  readonly maxDurationSec: number;
}

export function openSubscriptions({ transports = new Map(), ...options }: SubscriptionsOptions): Subscriptions {
  const { model, clock, log, samplers, maxSubscriptions, maxDurationSec, ownerProblem = () => undefined } = options;
  const sources = new ObservedSources(clock, (entity) => dormancy(model.tree, entity));
  const live = new LiveSubscriptions({ clock, maxSubscriptions });
  const protocols = [SSE, ...transports.keys()];
  const limits = options.observationLimits ?? NO_OBSERVATION_LIMITS;
  const isVisible = (reader: Observer | undefined) => (found: LiveSubscription) =>
    reader === undefined || limits.isVisible(reader, observedBy(found.subscription));
  const find = (kind: EntityKind, id: string, subscriptionId: string, reader?: Observer) => {
    const entity = entityOf(model.tree, kind, id);
    const found = live.get(subscriptionId);
    const isOfEntity = found?.subscription.entity.kind === kind && found.subscription.entity.id === entity.id;
    if (isOfEntity && isVisible(reader)(found)) return found;
    const parameters = { subscription_id: subscriptionId };
    throw new SovdError({ code: 'resource-not-found', message: 'Subscription not found', parameters });
  };

  // A client whose lock on the subscriptions expired is assumed gone, so its subscriptions end.
  const unlisten = model.events.on('lock.changed', ({ change, lockId, entity, scopes }) => {
    if (change !== 'expired' || (scopes.length > 0 && !scopes.includes('cyclic-subscriptions'))) return;
    for (const { subscription, end } of live.of(entity)) {
      log('info', `${subscription.id} of ${entity.id} ends with ${lockId}, which has expired`);
      end();
    }
  });

  const stopFollowing = model.events.on('entities.changed', ({ renamed = [] }) => {
    for (const each of live.all()) {
      const { id, entity } = each.subscription;
      const change = renamedEntity(model.tree, entity, renamed);
      if (!change) continue;
      each.rename(change);
      log('info', `${id} of ${entity.kind} ${entity.id} moves to the new id ${change.to} of the entity`);
    }
  });

  const service: SubscriptionService = {
    create: async (kind, id, request, call) => {
      const entity = entityOf(model.tree, kind, id);
      if (!isLocal(entity)) throw notServed(entity, 'cyclic-subscriptions');
      const rules = { tree: model.tree, samplers, protocols, maxDurationSec };
      const { sampler, durationMs, ...wanted } = validateSubscriptionRequest(rules, entity, request);
      const of = { kind, id: entity.id };
      limits.assertCreatable(call.principal, observedBy({ entity: of, resource: wanted.resource }));
      await sampler.assertPath?.(of, wanted.resource.path, call);
      const owner = ownerOf(call);
      const use = ({ entity: now, resource }: Subscription) => sources.use(now, resource, sampler, owner);
      const owned = { entity: of, ...wanted, ...(owner !== undefined && { owner }) };
      const isSuspended = (now: Subscription) =>
        owner !== undefined && ownerProblem(owner, observedBy(now)) !== undefined;
      const begun = live.begin(owned, { use, durationMs, isSuspended });
      const transport = transports.get(wanted.protocol);
      if (transport) await Delivery.begin({ transport, live: begun, clock, log }, call);
      return subscriptionView(begun.subscription);
    },
    list: (kind, id, reader) => {
      const seen = live.of(entityOf(model.tree, kind, id)).filter(isVisible(reader));
      return { items: seen.map(({ subscription }) => subscriptionView(subscription)) };
    },
    get: (kind, id, subscriptionId, reader) => subscriptionView(find(kind, id, subscriptionId, reader).subscription),
    update: (kind, id, subscriptionId, { interval, duration }, call) => {
      const found = find(kind, id, subscriptionId, call.principal);
      assertOwner(found.subscription.owner, call, subscriptionId);
      const wanted = interval == null ? found.subscription.interval : intervalOf(interval);
      if (duration != null) found.endIn(durationOf(duration, maxDurationSec));
      found.subscription = { ...found.subscription, interval: wanted };
      found.feed.pace(SUBSCRIPTION_PERIODS_MS[wanted]);
      return subscriptionView(found.subscription);
    },
    remove: (kind, id, subscriptionId, call) => {
      const found = find(kind, id, subscriptionId, call.principal);
      assertOwner(found.subscription.owner, call, subscriptionId);
      found.end();
    },
    isVisible: (subscriptionId, reader) => {
      const found = live.get(subscriptionId);
      return found !== undefined && isVisible(reader)(found);
    },
    viewing: (kind, id, subscriptionId, reader) => {
      const { subscription, feed } = find(kind, id, subscriptionId, reader);
      if (subscription.protocol === SSE) return (viewer) => feed.join(viewer);
      throw new SovdError({
        code: 'x-medkit-transport-not-streamable',
        parameters: { subscription_id: subscriptionId, protocol: subscription.protocol },
      });
    },
  };

  return {
    service,
    health: () => ({
      warnings: dormancyWarnings(
        model.tree,
        live.all().map(({ subscription: { id, entity } }) => ({ name: id, entity })),
      ),
      blocks: {
        ...quotaBlock({ cyclic_subscriptions: live.quota }),
        'x-medkit-cyclic-subscriptions': {
          subscriptions: live.size,
          max_subscriptions: maxSubscriptions,
          viewers: live.viewers,
          samples_total: sources.samples,
        },
      },
    }),
    close: () => {
      unlisten();
      stopFollowing();
      live.endAll();
    },
  };
}
