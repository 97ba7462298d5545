import type { WebhookEvent } from '../webhook.ts';

/** Media type of a CloudEvent in structured JSON. */
export const CLOUD_EVENT_MEDIA = 'application/cloudevents+json';

/** Maximum bytes of data: CloudEvents asks every consumer to accept events of 64 KiB. */
const MAX_DATA_BYTES = 60 * 1024;

/**
 * Formats `event` as structured JSON of CloudEvents 1.0, with the extension for distributed tracing. Prefixes its source
 * with `origin`. Omits data that is too
 * large and states its size in bytes in the attribute `dataomitted`.
 */
export function cloudEvent({ id, source, type, subject, timeMs, trace, data }: WebhookEvent, origin: string): string {
  const octets = Buffer.byteLength(data);
  const attributes = JSON.stringify({
    specversion: '1.0',
    id,
    source: `${origin}${source}`,
    type,
    ...(subject !== undefined && { subject }),
    time: new Date(timeMs).toISOString(),
    ...(trace !== undefined && { traceparent: trace }),
    ...(octets > MAX_DATA_BYTES ? { dataomitted: octets } : { datacontenttype: 'application/json' }),
  });
  // Inserts the data as text: it is already JSON, and may contain numbers that parsing would change.
  return octets > MAX_DATA_BYTES ? attributes : `${attributes.slice(0, -1)},"data":${data}}`;
}
