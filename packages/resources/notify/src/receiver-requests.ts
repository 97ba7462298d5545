import type { Clock } from '@medkit/edges';
import type { ReceiverRequest, Receivers } from '@medkit/webhooks';
import type { AcknowledgeLink, AcknowledgeLinks } from './acknowledge/acknowledge-links.ts';
import { buildRequests } from './kinds/receiver-kinds.ts';
import { type ContentContext, contentOf } from './message/content.ts';
import { ALERTING_KINDS, type Notification } from './message/notification.ts';
import { type Receiver, secretsOf } from './receiver/receiver.ts';

/** Path of acknowledge links below the address of the gateway. */
const ACKNOWLEDGE_PATH = '/api/v1/x-medkit-notify/acknowledge';

export interface ReceiverRequestsOptions {
  readonly receivers: readonly Receiver[];
  readonly links: Pick<AcknowledgeLinks, 'tokenOf'>;
  readonly clock: Clock;
  readonly instance: string;
  /** Prefix of the event source, which identifies the robot. */
  readonly origin: string;
  readonly publicUrl: string | undefined;
}

/** Builds the request to send from a stored notification, with current links and secrets. */
export function receiverRequests(options: ReceiverRequestsOptions): Receivers {
  const { links, clock, instance, origin, publicUrl } = options;
  const byName = new Map(options.receivers.map((receiver) => [receiver.name, receiver] as const));
  return {
    requestOf: async (name, { messageId, data }): Promise<ReceiverRequest | undefined> => {
      const receiver = byName.get(name);
      if (!receiver) return undefined;
      const notification = JSON.parse(data) as Notification;
      // Without an external address, a receiver could not follow a link.
      const link = publicUrl === undefined ? undefined : linkOf(notification, name);
      const token = link && (await links.tokenOf(messageId, link));
      const context: ContentContext = {
        instance,
        publicUrl,
        zone: receiver.zone,
        acknowledgeUrl: token && `${publicUrl}${ACKNOWLEDGE_PATH}/${token}`,
      };
      const requests = buildRequests(receiver, contentOf(notification, context), {
        messageId,
        origin,
        nowMs: clock.wallMs(),
      });
      const request = requests[notification.part];
      return request && { ...request, secrets: [...secretsOf(receiver), ...(token ? [token] : [])] };
    },
  };
}

/** Returns what the link of a message acknowledges; `undefined` if the message needs no link. */
function linkOf(notification: Notification, receiver: string): Omit<AcknowledgeLink, 'isUsed'> | undefined {
  if (notification.about !== 'incident' || notification.news === 'test' || !ALERTING_KINDS.has(notification.news))
    return undefined;
  const { id: incident, robot, title } = notification.incident;
  return notification.part === 0 ? { incident, receiver, robot, title } : undefined;
}
