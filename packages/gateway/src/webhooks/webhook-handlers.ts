import { SovdError, WEBHOOK_DELIVERY_STATUSES } from '@medkit/contract';
import { ownerOf, parseJson } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import { originOf, type Webhooks } from '@medkit/webhooks';
import { stored } from '../database/store-errors.ts';
import { Answer, done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { testResult, toWebhook } from './to-webhook.ts';
import { deliveryItem, targetItem } from './webhook-replies.ts';

type WebhookHandlers = Pick<
  Handlers,
  | 'listWebhookTargets'
  | 'listWebhookDeliveries'
  | 'getWebhookDelivery'
  | 'deleteWebhookDelivery'
  | 'redeliverWebhook'
  | 'redeliverWebhooks'
  | 'testWebhook'
>;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

export interface WebhookHandlersOptions {
  /** Absent if webhooks are disabled. */
  readonly webhooks: Webhooks | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** The handlers of webhooks: pending and failed deliveries, and test deliveries. */
export function webhookHandlers({ webhooks, clock, random }: WebhookHandlersOptions): WebhookHandlers {
  const on = (): Webhooks => {
    if (webhooks) return webhooks;
    throw new SovdError({ code: 'not-implemented', message: 'Webhooks are not enabled on this gateway' });
  };
  return {
    listWebhookTargets: async () => {
      const { targets } = on().facts();
      const dead = await stored(() => on().deadByTarget());
      const silent = [...dead].filter(([id]) => !targets.some((target) => target.id === id));
      const items = [
        ...targets.map((facts) => targetItem(facts.id, facts.origin, dead.get(facts.id)?.dead ?? 0, facts)),
        ...silent.map(([id, counts]) => targetItem(id, originOf(counts.url), counts.dead, undefined)),
      ];
      return { items: items.sort((a, b) => Number(a.id) - Number(b.id)) };
    },
    listWebhookDeliveries: async ({ query }) => {
      const limit = wholeNumber('limit', query['limit'], { min: 1, max: MAX_LIMIT }) ?? DEFAULT_LIMIT;
      const after = wholeNumber('after', query['after']) ?? 0;
      const status = statusOf(query['status']);
      const page = { ...filterOf(query), ...(status && { status }), after, limit: limit + 1 };
      const rows = await stored(() => on().list(page));
      const items = rows.slice(0, limit).map(deliveryItem);
      return { items, 'x-medkit': rows.length > limit ? { next: items.at(-1)!.id } : {} };
    },
    getWebhookDelivery: async ({ path }) => {
      const found = await stored(async () => on().find(idOf(path)));
      if (!found) throw noDelivery(path);
      return { ...deliveryItem(found), event: parseJson(found.body) };
    },
    deleteWebhookDelivery: async ({ path }) => {
      if (!(await stored(async () => on().drop(idOf(path))))) throw noDelivery(path);
      return done();
    },
    redeliverWebhook: async ({ path }) => {
      const id = idOf(path);
      const redelivered = await stored(async () => on().redeliver({ id }));
      if (redelivered === 0 && !(await stored(async () => on().find(id)))) throw noDelivery(path);
      return new Answer(202, { redelivered });
    },
    redeliverWebhooks: async ({ query }) => {
      const redelivered = await stored(async () => on().redeliver(filterOf(query)));
      return new Answer(202, { redelivered });
    },
    testWebhook: async ({ body, url, call }) => {
      const webhook = toWebhook(body!);
      const problem = on().problemOf(webhook);
      if (problem !== undefined) throw new SovdError({ code: 'invalid-parameter', message: problem });
      const id = Buffer.from(random.bytes(9)).toString('base64url');
      const event = { id, source: url, type: 'medkit.webhook.test', timeMs: clock.wallMs(), data: '{"test":true}' };
      const context = call();
      return testResult(await on().fire(webhook, event, context.signal, ownerOf(context)));
    },
  };
}

function filterOf(query: Exchange['query']) {
  const { source } = query;
  const targetId = wholeNumber('target', query['target']);
  return { ...(source !== undefined && { source }), ...(targetId !== undefined && { targetId }) };
}

function statusOf(text: string | undefined) {
  const status = WEBHOOK_DELIVERY_STATUSES.find((known) => known === text);
  if (text !== undefined && !status) {
    const message = `status is not one of ${WEBHOOK_DELIVERY_STATUSES.join(', ')}`;
    throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'status', value: text } });
  }
  return status;
}

function wholeNumber(
  parameter: string,
  text: string | undefined,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {},
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,16}$/.test(text) && number >= min && number <= max) return number;
  const message = `${parameter} is not a whole number from ${min} to ${max}`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter, value: text } });
}

/** Returns the delivery number; 0, which no delivery has, if it is invalid. */
const idOf = ({ delivery_id = '' }: Exchange['path']): number =>
  /^\d{1,15}$/.test(delivery_id) ? Number(delivery_id) : 0;

function noDelivery({ delivery_id }: Exchange['path']): SovdError {
  const message = 'The delivery does not exist: it was delivered or removed';
  return new SovdError({ code: 'resource-not-found', message, parameters: { delivery_id } });
}
