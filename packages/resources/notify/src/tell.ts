import type { Statement } from '@medkit/store';
import { receiverUrl, type Webhooks } from '@medkit/webhooks';
import { contentOf } from './message/content.ts';
import { ENDS, type IncidentTelling, type MeanwhileTelling, type Telling } from './message/telling.ts';
import { KEEPS_ALERTS } from './receiver/keeps-alerts.ts';
import type { Receiver } from './receiver/receiver.ts';
import { requestsOf } from './shapes/requests-of.ts';

/** A notification before its number of requests is known. */
export type NewTelling = Omit<IncidentTelling, 'part'> | Omit<MeanwhileTelling, 'part'>;

/**
 * Returns statements that add a notification to the outbox; none if the receiver has no equivalent or does not want it.
 */
export function tellStatements(
  receiver: Receiver,
  telling: NewTelling,
  webhooks: Pick<Webhooks, 'outboxStatements'>,
): readonly Statement[] {
  if (
    telling.about === 'incident' &&
    ENDS.has(telling.news) &&
    !receiver.tellsHealed &&
    !KEEPS_ALERTS.has(receiver.type)
  )
    return [];
  return Array.from({ length: partsOf(receiver, telling) }, (_, part) => {
    const event = eventOf(receiver, { ...telling, part });
    return webhooks.outboxStatements({ url: receiverUrl(receiver.name) }, event);
  }).flat();
}

/**
 * Returns the event that delivers a notification. All events of one incident have the same source, so that they are
 * delivered in order.
 */
export function eventOf({ name }: Receiver, telling: Telling) {
  const { about, atMs, part } = telling;
  const [news, subject] = about === 'incident' ? [telling.news, telling.incident.id] : ['meanwhile', undefined];
  return {
    id: [name, subject ?? '', news, Math.round(atMs), part].join(' '),
    source: `/api/v1/x-medkit-incidents${subject === undefined ? '' : `/${encodeURIComponent(subject)}`}`,
    type: `medkit.incident.${news}`,
    ...(subject !== undefined && { subject }),
    timeMs: atMs,
    data: JSON.stringify(telling),
  };
}

/** Returns the number of requests of a message. */
export function partsOf(receiver: Receiver, telling: NewTelling): number {
  const context = { instance: '', publicUrl: undefined, zone: receiver.zone };
  const content = contentOf({ ...telling, part: 0 } as Telling, context);
  return requestsOf(receiver, content, { messageId: '', origin: '', nowMs: telling.atMs }).length;
}
