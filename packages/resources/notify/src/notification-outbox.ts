import type { Statement } from '@medkit/store';
import { receiverUrl, type Webhooks } from '@medkit/webhooks';
import { buildRequests } from './kinds/receiver-kinds.ts';
import { contentOf } from './message/content.ts';
import type { IncidentNotification, Notification, SummaryNotification } from './message/notification.ts';
import type { Receiver } from './receiver/receiver.ts';
import { wantsNews } from './routing/incident-scope.ts';

/** A notification before its number of requests is known. */
export type NewNotification = Omit<IncidentNotification, 'part'> | Omit<SummaryNotification, 'part'>;

/**
 * Returns statements that add a notification to the outbox; none if the receiver has no equivalent or does not want it.
 */
export function notificationStatements(
  receiver: Receiver,
  notification: NewNotification,
  webhooks: Pick<Webhooks, 'outboxStatements'>,
): readonly Statement[] {
  if (notification.about === 'incident' && !wantsNews(receiver, notification.news)) return [];
  return Array.from({ length: partsOf(receiver, notification) }, (_, part) => {
    const event = eventOf(receiver, { ...notification, part });
    return webhooks.outboxStatements({ url: receiverUrl(receiver.name) }, event);
  }).flat();
}

/**
 * Returns the event that delivers a notification. All events of one incident have the same source, so that they are
 * delivered in order.
 */
export function eventOf({ name }: Receiver, notification: Notification) {
  const { about, atMs, part } = notification;
  const [news, subject] =
    about === 'incident' ? [notification.news, notification.incident.id] : ['meanwhile', undefined];
  return {
    id: [name, subject ?? '', news, Math.round(atMs), part].join(' '),
    source: `/api/v1/x-medkit-incidents${subject === undefined ? '' : `/${encodeURIComponent(subject)}`}`,
    type: `medkit.incident.${news}`,
    ...(subject !== undefined && { subject }),
    timeMs: atMs,
    data: JSON.stringify(notification),
  };
}

/** Returns the number of requests of a message. */
export function partsOf(receiver: Receiver, notification: NewNotification): number {
  const context = { instance: '', publicUrl: undefined, zone: receiver.zone };
  const content = contentOf({ ...notification, part: 0 } as Notification, context);
  return buildRequests(receiver, content, { messageId: '', origin: '', nowMs: notification.atMs }).length;
}
