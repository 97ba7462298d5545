import {
  type EntityKind,
  SovdError,
  type TriggerCreateRequest,
  type Trigger as TriggerItem,
  type TriggerList,
  type TriggerUpdateRequest,
  type WebhookTestResult,
} from '@medkit/contract';
import { type CallContext, isLocal, type Model, ownerOf } from '@medkit/core';
import {
  assertOwner,
  type DataService,
  entityOf,
  notServed,
  type ObservationLimits,
  type Observer,
  type OwnerProblem,
} from '@medkit/entities';
import type { ConditionEvaluators } from './conditions/condition.ts';
import { assertCondition } from './conditions/read-condition.ts';
import type { EventHistory } from './event-history.ts';
import { isActive, type LiveTrigger } from './live-trigger.ts';
import type { TriggerEvent, TriggerRecord } from './trigger.ts';
import { observedBy, triggerItem } from './trigger-item.ts';
import type { TriggerRegistry } from './trigger-registry.ts';
import { lifetimeIn, validateTriggerRequest, type WebhookProblem } from './trigger-request.ts';

/**
 * The triggers of entities as the API serves them. Every call throws `SovdError`. With `reader`, the client, triggers
 * that its scopes do not include do not exist.
 */
export interface TriggerService {
  list(kind: EntityKind, id: string, reader?: Observer): Promise<TriggerList>;
  /** Lists the triggers of all entities, in the order of creation. */
  listAll(reader?: Observer): Promise<TriggerList>;
  get(kind: EntityKind, id: string, trigger: string, reader?: Observer): Promise<TriggerItem>;
  create(kind: EntityKind, id: string, request: TriggerCreateRequest, call: CallContext): Promise<TriggerItem>;
  /** Extends the trigger to end this many seconds from now. */
  update(
    kind: EntityKind,
    id: string,
    trigger: string,
    request: TriggerUpdateRequest,
    call: CallContext,
  ): Promise<TriggerItem>;
  remove(kind: EntityKind, id: string, trigger: string, call: CallContext): Promise<void>;
  /**
   * Returns the history of past and future events. After a single-shot trigger has fired, only for clients that have
   * not received all of it.
   */
  events(
    kind: EntityKind,
    id: string,
    trigger: string,
    lastId: number | undefined,
    reader?: Observer,
  ): Promise<EventHistory>;
  /** Returns whether a trigger exists for a client now, whatever its entity is called. */
  isVisible(trigger: string, reader: Observer): boolean;
  /** Delivers a test event to the trigger's webhook immediately, without retries. */
  test(kind: EntityKind, id: string, trigger: string, call: CallContext): Promise<WebhookTestResult>;
}

/** Delivers the events of triggers to webhooks. */
export interface TriggerDelivery {
  readonly problemOf: WebhookProblem;
  test(record: TriggerRecord, event: TriggerEvent, call: CallContext): Promise<WebhookTestResult>;
}

export interface TriggerServiceOptions {
  readonly model: Model;
  readonly data: Pick<DataService, 'assertItem'>;
  readonly registry: TriggerRegistry;
  readonly evaluators: ConditionEvaluators;
  readonly ownerProblem: OwnerProblem;
  readonly limits: ObservationLimits;
  /** Absent if webhooks are disabled. */
  readonly delivery?: TriggerDelivery;
  /** Wall clock, milliseconds. */
  readonly nowMs: () => number;
}

/** Creates the trigger service of a gateway. */
export function createTriggerService(options: TriggerServiceOptions): TriggerService {
  const { model, registry, evaluators, ownerProblem, limits, delivery, nowMs } = options;

  const itemOf = (trigger: LiveTrigger): TriggerItem => triggerItem(model.tree, trigger, ownerProblem);

  const isVisible = (reader: Observer | undefined) => (trigger: LiveTrigger) =>
    reader === undefined || limits.isVisible(reader, observedBy(trigger.record));

  const named = (name: string): LiveTrigger | undefined => {
    const [, number] = /^trig_([1-9]\d{0,14})$/.exec(name) ?? [];
    return registry.get(Number(number));
  };

  const found = async (kind: EntityKind, id: string, name: string, reader?: Observer): Promise<LiveTrigger> => {
    const entityId = knownId(model, kind, id);
    await registry.loaded();
    const trigger = named(name);
    const isOfEntity = trigger?.record.entity.kind === kind && trigger.record.entity.id === entityId;
    if (isOfEntity && isVisible(reader)(trigger)) return trigger;
    entityOf(model.tree, kind, id);
    throw notFound(name);
  };

  return {
    list: async (kind, id, reader) => {
      const entityId = knownId(model, kind, id);
      await registry.loaded();
      const ofEntity = [...registry.all()].filter(
        ({ record: { entity, number } }) => entity.kind === kind && entity.id === entityId && registry.get(number),
      );
      if (ofEntity.length === 0) entityOf(model.tree, kind, id);
      return { items: ofEntity.filter(isVisible(reader)).map(itemOf) };
    },
    listAll: async (reader) => {
      await registry.loaded();
      const all = [...registry.all()].filter(({ record }) => registry.get(record.number));
      return { items: all.filter(isVisible(reader)).map(itemOf) };
    },
    get: async (kind, id, name, reader) => itemOf(await found(kind, id, name, reader)),
    create: async (kind, id, request, call) => {
      const entity = entityOf(model.tree, kind, id);
      if (!isLocal(entity)) throw notServed(entity, 'triggers');
      const wanted = validateTriggerRequest(model.tree, entity, request, delivery?.problemOf);
      limits.assertCreatable(call.principal, observedBy(wanted));
      if (wanted.collection === 'data') await options.data.assertItem(entity, wanted.item, call);
      await assertCondition(wanted.condition, evaluators);
      const owner = ownerOf(call);
      return itemOf(await registry.make({ ...wanted, ...(owner !== undefined && { owner }) }));
    },
    update: async (kind, id, name, { lifetime }, call) => {
      const trigger = await found(kind, id, name, call.principal);
      assertOwner(trigger.record.owner, call, name);
      const lifetimeSec = lifetimeIn(lifetime);
      if (!isActive(trigger) || lifetimeSec === undefined) throw notFound(name, 'It has fired and ended');
      await registry.extend(trigger, lifetimeSec);
      if (!isActive(trigger)) throw notFound(name, 'It has ended in the meantime');
      return itemOf(trigger);
    },
    remove: async (kind, id, name, call) => {
      const trigger = await found(kind, id, name, call.principal);
      assertOwner(trigger.record.owner, call, name);
      await registry.remove(trigger);
    },
    events: async (kind, id, name, lastId, reader) => {
      const { history, endedMs, lastEventId } = await found(kind, id, name, reader);
      // Clients of event streams reconnect until they receive an error.
      if (endedMs !== undefined && lastId !== undefined && lastId >= lastEventId) {
        throw notFound(name, 'It has fired, and this client has received the event');
      }
      return history;
    },
    isVisible: (name, reader) => {
      const trigger = named(name);
      return trigger !== undefined && isVisible(reader)(trigger);
    },
    test: async (kind, id, name, call) => {
      const { record } = await found(kind, id, name, call.principal);
      if (!delivery || !record.webhook) {
        const message = 'It has no webhook: it was created with the protocol sse';
        throw new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { trigger_id: name } });
      }
      const timeMs = Math.floor(nowMs());
      const data = JSON.stringify({ timestamp: new Date(timeMs).toISOString(), payload: null });
      return delivery.test(record, { id: 0, timeMs, data }, call);
    },
  };
}

/** Resolves an alias to the id of an entity. Its triggers can be read and deleted also while the entity is absent. */
function knownId(model: Model, kind: EntityKind, id: string): string {
  return model.tree.resolve(kind, id)?.id ?? id;
}

function notFound(trigger_id: string, message = 'Trigger not found'): SovdError {
  return new SovdError({ code: 'resource-not-found', message, parameters: { trigger_id } });
}
