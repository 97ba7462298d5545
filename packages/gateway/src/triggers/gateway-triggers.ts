import { resolve } from 'node:path';
import { type Log, type Model, ownerOf } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import type { DataService, LogService, ObservationLimits, OwnerProblem } from '@medkit/entities';
import {
  type ConditionEvaluators,
  openTriggers,
  type RemoteFaultSource,
  type TriggerDelivery,
  type TriggerEvent,
  type TriggerRecord,
  type Triggers,
  triggerHref,
} from '@medkit/triggers';
import type { WebhookEvent, Webhooks } from '@medkit/webhooks';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { gatewayDatabase } from '../gateway-database.ts';
import { testResult, toWebhook } from '../webhooks/to-webhook.ts';
import { type TriggerOutbox, triggerRecords } from './trigger-records.ts';

export interface TriggerSources {
  readonly config: Pick<GatewayConfig, 'triggers' | 'data_dir'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly storage: Pick<Files, 'list'>;
  readonly database: GatewayDatabase;
  readonly data: Pick<DataService, 'assertItem'>;
  readonly logs: Pick<LogService, 'add'>;
  readonly webhooks: Webhooks | undefined;
  readonly evaluators: ConditionEvaluators;
  readonly ownerProblem?: OwnerProblem;
  /** Present if there are accounts. */
  readonly observationLimits?: ObservationLimits;
  /** Absent if the gateway has no peers. */
  readonly remoteFaultSource?: RemoteFaultSource;
  readonly log: Log;
}

const RESTART_BEHAVIORS: readonly string[] = ['restore', 'reset'];

/** Opens the triggers as configured. */
export async function gatewayTriggers(sources: TriggerSources): Promise<Triggers> {
  const { config, model, clock, data, logs, webhooks, evaluators, log } = sources;
  const { enabled, max_triggers, on_restart_behavior, storage } = config.triggers;
  if (!RESTART_BEHAVIORS.includes(on_restart_behavior)) {
    log('warn', `triggers.on_restart_behavior: "${on_restart_behavior}" is neither restore nor reset, restore is used`);
  }
  const separate = storage.path === '' ? undefined : separateDatabase(sources);
  // An event and its delivery are one transaction, so webhooks work only for triggers in the gateway's database.
  const delivered = separate ? undefined : webhooks;
  if (separate && webhooks) log('warn', 'triggers.storage.path: triggers in a separate file have no webhooks');
  const triggers = await openTriggers({
    enabled,
    maxTriggers: max_triggers,
    model,
    clock,
    log,
    data,
    logs,
    records: triggerRecords({
      database: separate ?? sources.database,
      log,
      reset: on_restart_behavior === 'reset',
      ...(delivered && { outbox: outboxOf(delivered) }),
    }),
    evaluators,
    ...(sources.ownerProblem && { ownerProblem: sources.ownerProblem }),
    ...(sources.observationLimits && { observationLimits: sources.observationLimits }),
    ...(sources.remoteFaultSource && { remoteFaultSource: sources.remoteFaultSource }),
    ...(delivered && { delivery: deliveryOf(delivered) }),
  });
  return {
    ...triggers,
    close: async () => {
      await triggers.close();
      await separate?.close();
    },
  };
}

function separateDatabase({ config, storage: files, clock, log }: TriggerSources): GatewayDatabase {
  const { path } = config.triggers.storage;
  return gatewayDatabase({ path: path === ':memory:' ? path : resolve(config.data_dir, path), files, clock, log });
}

function outboxOf(webhooks: Webhooks): TriggerOutbox {
  return {
    statements: (record, event) =>
      record.webhook ? webhooks.outboxStatements(toWebhook(record.webhook), delivered(record, event, 'fired')) : [],
    wake: () => webhooks.wake(),
  };
}

function deliveryOf(webhooks: Webhooks): TriggerDelivery {
  return {
    problemOf: (webhook) => webhooks.problemOf(toWebhook(webhook)),
    test: async (record, event, call) => {
      if (!record.webhook) throw new Error('a trigger without a webhook is not tested');
      const tested = delivered(record, event, 'test');
      return testResult(await webhooks.fire(toWebhook(record.webhook), tested, call.signal, ownerOf(call)));
    },
  };
}

function delivered(record: TriggerRecord, { id, timeMs, data }: TriggerEvent, what: 'fired' | 'test'): WebhookEvent {
  return {
    // The number alone could be assigned again after a disk failure and a restart.
    id: `${id}-${timeMs}`,
    source: triggerHref(record),
    type: `medkit.trigger.${what}`,
    subject: record.resource,
    timeMs,
    data,
  };
}
