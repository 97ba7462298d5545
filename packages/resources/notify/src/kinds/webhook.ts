import { CLOUD_EVENT_MEDIA, cloudEvent, messageHeaders } from '@medkit/webhooks';
import { type Content, crossingOf } from '../message/content.ts';
import type { ReceiverKind, ShapeContext, ShapedRequest } from './receiver-kind.ts';

export interface WebhookEndpoint {
  readonly type: 'webhook';
  readonly url: string;
  readonly secret?: string;
  readonly token?: string;
}

/**
 * A program of the user: receives a CloudEvents 1.0 event in structured JSON, signed according to Standard Webhooks if
 * there is a secret, like the deliveries of triggers.
 */
export const webhook: ReceiverKind<WebhookEndpoint> = {
  options: { token: 'optional', secret: 'optional' },
  hasSecretUrl: true,
  requests,
};

function requests(
  { url, secret, token }: WebhookEndpoint,
  content: Content,
  { messageId, origin, nowMs }: ShapeContext,
): readonly ShapedRequest[] {
  const { news, headline, robot, incident, lines, link, acknowledgeUrl, atMs } = content;
  if (news === 'refreshed') return [];
  const value = incident && crossingOf(incident);
  const body = cloudEvent(
    {
      id: messageId,
      source: '/api/v1/x-medkit-incidents',
      type: `medkit.incident.${news}`,
      ...(incident && { subject: incident.id }),
      timeMs: atMs,
      data: JSON.stringify({
        news,
        robot,
        headline,
        ...(value !== undefined && { value }),
        ...(link !== undefined && { link }),
        ...(acknowledgeUrl !== undefined && { acknowledge_url: acknowledgeUrl }),
        ...(lines.length > 0 && { lines }),
        ...(incident && { incident }),
      }),
    },
    origin,
  );
  const timestamp = Math.floor(nowMs / 1000);
  const headers = {
    'Content-Type': CLOUD_EVENT_MEDIA,
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...messageHeaders({ messageId, timestamp, body }, secret),
  };
  return [{ method: 'POST', url, headers, body }];
}
