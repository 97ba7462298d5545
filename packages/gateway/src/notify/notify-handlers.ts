import { SovdError } from '@medkit/contract';
import { nearestName } from '@medkit/core';
import type { Notify, Receiver, ReceiverTest } from '@medkit/notify';
import type { Webhooks } from '@medkit/webhooks';
import { stored } from '../database/store-errors.ts';
import type { Answer } from '../http/answer.ts';
import { type Handlers, UNCHANGED_NOTE } from '../http/exchange.ts';
import type { TextReply } from '../http/text-reply.ts';
import { testResult } from '../webhooks/to-webhook.ts';
import { receiverItem } from './receiver-facts.ts';

type NotifyHandlers = Pick<
  Handlers,
  'acknowledgeByLink' | 'listNotifyReceivers' | 'showAcknowledgement' | 'testNotifyReceivers'
>;

/** Receivers that are tested at the same time. */
const AT_ONCE = 3;

export interface NotifyHandlersOptions {
  /** Absent if no receiver is configured. */
  readonly notify: Notify | undefined;
  /** The queue that sends the messages. */
  readonly outbox: Pick<Webhooks, 'deadByTarget' | 'facts'> | undefined;
}

/** The handlers of notifications. Code for the pages is loaded when a user follows a link. */
export function notifyHandlers({ notify, outbox }: NotifyHandlersOptions): NotifyHandlers {
  const pages = () => import('./acknowledge-page.ts');
  return {
    listNotifyReceivers: async () => {
      if (!notify || !outbox) return { items: [] };
      const [facts, dead] = [outbox.facts(), await stored(() => outbox.deadByTarget())];
      return { items: notify.receivers.map((receiver) => receiverItem(receiver, facts, dead)) };
    },
    testNotifyReceivers: async ({ body, call }) => {
      if (!notify || notify.receivers.length === 0) {
        const message = 'No receiver is configured on this gateway: set notify.receivers';
        throw new SovdError({ code: 'not-implemented', message });
      }
      const chosen = chosenOf(notify.receivers, body?.receiver ?? undefined);
      const items: ReceiverTest[] = [];
      for (let at = 0; at < chosen.length; at += AT_ONCE) {
        const { signal } = call();
        items.push(...(await Promise.all(chosen.slice(at, at + AT_ONCE).map((one) => notify.test(one, signal)))));
      }
      return { items: items.map(({ receiver, ...fired }) => ({ receiver, ...testResult(fired) })) };
    },
    showAcknowledgement: async ({ path }) => {
      const { confirmationPage, unknownPage, usedLinkPage } = await pages();
      const link = await stored(async () => notify?.findLink(path['token'] ?? ''));
      return sent(link ? (link.isUsed ? usedLinkPage() : confirmationPage(link)) : unknownPage());
    },
    acknowledgeByLink: async ({ path, note }) => {
      const { donePage, unknownPage, usedLinkPage } = await pages();
      const outcome = await stored(async () => notify?.acknowledge(path['token'] ?? ''));
      if (!outcome || outcome.is === 'unknown') return sent(unknownPage());
      if (outcome.is === 'used') {
        note({ [UNCHANGED_NOTE]: '' });
        return sent(usedLinkPage());
      }
      note({ by: outcome.by, incident: outcome.incident.id });
      return sent(donePage(outcome.link));
    },
  };
}

/** Sends a page as the body: its route declares no other. */
const sent = (page: TextReply): Answer<never> => page as unknown as Answer<never>;

function chosenOf(receivers: readonly Receiver[], name: string | undefined): readonly Receiver[] {
  if (name === undefined) return receivers;
  const chosen = receivers.filter((receiver) => receiver.name === name);
  if (chosen.length > 0) return chosen;
  const names = receivers.map((receiver) => receiver.name);
  const nearest = nearestName(name, names);
  const advice = nearest === undefined ? `receivers are ${names.join(', ')}` : `did you mean ${nearest}?`;
  const message = `There is no receiver ${name}: ${advice}`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'receiver', value: name } });
}
