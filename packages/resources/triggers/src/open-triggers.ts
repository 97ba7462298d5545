import { SovdError } from '@medkit/contract';
import { type EntityTree, type Log, type Model, quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  type DataService,
  dormancy,
  dormancyWarnings,
  type LogService,
  NO_OBSERVATION_LIMITS,
  type ObservationLimits,
  type OwnerProblem,
} from '@medkit/entities';
import type { ConditionEvaluators } from './conditions/condition.ts';
import { EventJournal } from './event-journal.ts';
import { triggerFiring } from './fire-trigger.ts';
import { isActive, type LiveTrigger } from './live-trigger.ts';
import type { Observation } from './observation.ts';
import { DataSource } from './sources/data-source.ts';
import { startEventSource } from './sources/event-source.ts';
import { pollOperations } from './sources/operation-polling.ts';
import { type RemoteFaultSource, remoteEventSource } from './sources/remote-event-source.ts';
import { TriggerIndex } from './sources/trigger-index.ts';
import { type TriggerRecord, triggerId } from './trigger.ts';
import { TriggerEvaluator } from './trigger-evaluator.ts';
import { observedBy } from './trigger-item.ts';
import { TriggerLog } from './trigger-log.ts';
import type { TriggerRecords } from './trigger-records.ts';
import { TriggerRegistry } from './trigger-registry.ts';
import { createTriggerService, type TriggerDelivery, type TriggerService } from './trigger-service.ts';

/** The triggers of a gateway. */
export interface Triggers {
  readonly service: TriggerService;
  /** Returns the triggers that have not ended, by their id in the API. Rejects if they cannot be read. */
  inUse(): Promise<ReadonlyMap<string, TriggerRecord>>;
  health(): RuntimeHealth;
  /** Stops observing, and writes what is not on disk yet. */
  close(): Promise<void>;
}

export interface TriggersOptions {
  /** `triggers.enabled` */
  readonly enabled: boolean;
  /** `triggers.max_triggers` */
  readonly maxTriggers: number;
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly data: Pick<DataService, 'assertItem'>;
  readonly logs: Pick<LogService, 'add'>;
  readonly records: TriggerRecords;
  /** Conditions of plugins. */
  readonly evaluators: ConditionEvaluators;
  /** Absent if the gateway shows no other gateways. */
  readonly remoteFaultSource?: RemoteFaultSource;
  /** Returns why the owner of a trigger cannot have it any more. If absent, every owner can. */
  readonly ownerProblem?: OwnerProblem;
  /** Limits of clients with scopes. If absent, no client has any. */
  readonly observationLimits?: ObservationLimits;
  /** Absent if webhooks are disabled. */
  readonly delivery?: TriggerDelivery;
}

/**
 * Opens the triggers. Resolves once the stored triggers are observed again. If they cannot be read, no trigger can be
 * created until a retry succeeds; health reports this.
 */
export async function openTriggers(options: TriggersOptions): Promise<Triggers> {
  if (!options.enabled) return SWITCHED_OFF;
  const { model, clock, log, records, evaluators, maxTriggers, delivery, ownerProblem = () => undefined } = options;
  const isSuspended = ({ record }: LiveTrigger) =>
    record.owner !== undefined && ownerProblem(record.owner, observedBy(record)) !== undefined;
  const index = new TriggerIndex();
  const notes = new TriggerLog(options);
  const journal = new EventJournal(options);
  const counts = { fired: 0 };

  const fire = triggerFiring({ clock, journal, notes, terminated: (trigger) => registry.terminated(trigger) });
  const evaluator = new TriggerEvaluator({
    clock,
    onFire: (trigger, observed) => {
      counts.fired++;
      fire(trigger, observed);
    },
    onChange: (trigger) => journal.changed(trigger),
    onExpired: (trigger) => registry.expire(trigger),
  });
  const observe = (trigger: LiveTrigger, observed: Observation): void => {
    if (isSuspended(trigger)) return;
    if (dormancy(model.tree, trigger.record.entity) === undefined) evaluator.observe(trigger, observed);
  };
  const data = new DataSource({ model, clock, log, observe });
  const operations = pollOperations({ model, clock, log, triggers: () => index.of('operations') });
  const stopEventSource = startEventSource({ model, index, notes, observe });
  const { remoteFaultSource: faults } = options;
  const remoteEvents = faults && remoteEventSource({ model, index, faults, observe });

  const registry: TriggerRegistry = new TriggerRegistry({
    model,
    records,
    journal,
    evaluators,
    clock,
    log,
    maxTriggers,
    begin: async (trigger) => {
      index.add(trigger);
      remoteEvents?.update();
      if (trigger.record.collection === 'data') await data.add(trigger).catch(refusedWatch);
      if (trigger.record.collection === 'operations') operations.ask();
    },
    end: (trigger) => {
      index.drop(trigger);
      remoteEvents?.update();
      data.drop(trigger);
    },
  });
  const stopFollowing = model.events.on('entities.changed', ({ renamed = [] }) => registry.rename(renamed));
  await registry.loaded().catch(() => undefined);
  return {
    service: createTriggerService({
      model,
      data: options.data,
      registry,
      evaluators,
      ownerProblem,
      limits: options.observationLimits ?? NO_OBSERVATION_LIMITS,
      nowMs: () => clock.wallMs(),
      ...(delivery && { delivery }),
    }),
    inUse: async () => {
      await registry.loaded();
      return new Map([...registry.all()].filter(isActive).map(({ record }) => [triggerId(record), record]));
    },
    health: () =>
      healthOf([...registry.all()], {
        tree: model.tree,
        registry,
        journal,
        notes,
        evaluator,
        data,
        isSuspended,
        fired: counts.fired,
      }),
    close: async () => {
      stopEventSource();
      stopFollowing();
      remoteEvents?.close();
      operations.close();
      data.close();
      await registry.close();
      await journal.close();
    },
  };
}

/** Reports every failed watch as `x-medkit-subscribe-failed`, whatever the reason. */
function refusedWatch(error: unknown): never {
  const details = error instanceof SovdError ? error.message : 'The data cannot be watched';
  throw new SovdError({ code: 'x-medkit-subscribe-failed', status: 503, parameters: { details } });
}

interface HealthParts {
  readonly tree: EntityTree;
  readonly registry: TriggerRegistry;
  readonly journal: EventJournal;
  readonly notes: TriggerLog;
  readonly evaluator: TriggerEvaluator;
  readonly data: DataSource;
  readonly isSuspended: (trigger: LiveTrigger) => boolean;
  readonly fired: number;
}

function healthOf(
  all: readonly LiveTrigger[],
  { tree, registry, journal, notes, evaluator, data, isSuspended, fired }: HealthParts,
): RuntimeHealth {
  const active = all.filter(isActive);
  const figures = {
    active: active.length,
    terminated: all.length - active.length,
    with_a_problem: active.filter(({ problem }) => problem !== undefined).length,
    suspended: active.filter(isSuspended).length,
    watched_items: data.size,
    fired_total: fired,
    left_out_total: evaluator.leftOut,
    not_on_disk_total: journal.abandoned,
  };
  const stored = active.map(({ record }) => ({ name: triggerId(record), entity: record.entity }));
  const unread = `Triggers from before the start are not evaluated, and no trigger can be created: ${registry.failure}`;
  const unwritten = `The state of triggers cannot be stored, and is lost if the process exits: ${journal.failure}`;
  return {
    warnings: [
      ...(registry.failure === undefined ? [] : [{ code: 'triggers_unavailable', message: unread }]),
      ...(journal.failure === undefined ? [] : [{ code: 'triggers_not_written', message: unwritten }]),
      ...dormancyWarnings(tree, stored),
    ],
    blocks: {
      'x-medkit-triggers': figures,
      ...quotaBlock({
        triggers: registry.quota,
        terminated_triggers: registry.terminatedTriggers,
        trigger_log_entries: notes.quota,
        trigger_events_unwritten: journal,
      }),
    },
  };
}

const notEnabled = (): Promise<never> =>
  Promise.reject(new SovdError({ code: 'not-implemented', message: 'Triggers not available' }));

const SWITCHED_OFF: Triggers = {
  service: {
    list: notEnabled,
    listAll: notEnabled,
    get: notEnabled,
    create: notEnabled,
    update: notEnabled,
    remove: notEnabled,
    events: notEnabled,
    isVisible: () => false,
    test: notEnabled,
  },
  inUse: async () => new Map(),
  health: () => ({ warnings: [], blocks: {} }),
  close: async () => undefined,
};
