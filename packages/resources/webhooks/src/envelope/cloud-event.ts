import type { WebhookEvent } from '../webhook.ts';

/** Media type of an envelope with its event in it. */
export const CLOUD_EVENT_MEDIA = 'application/cloudevents+json';

/** Octets of data in an envelope at most: everybody who takes CloudEvents is asked to take events of 64 KiB. */
const MAX_DATA_BYTES = 60 * 1024;

/**
 * `event` in the structured JSON of CloudEvents 1.0. `origin` stands before its source. Data that is too large is left out,
 * and the attribute `dataomitted` says how many octets that were.
 */
export function cloudEvent({ id, source, type, subject, timeMs, data }: WebhookEvent, origin: string): string {
  const octets = Buffer.byteLength(data);
  const attributes = JSON.stringify({
    specversion: '1.0',
    id,
    source: `${origin}${source}`,
    type,
    ...(subject !== undefined && { subject }),
    time: new Date(timeMs).toISOString(),
    ...(octets > MAX_DATA_BYTES ? { dataomitted: octets } : { datacontenttype: 'application/json' }),
  });
  // Data is JSON already, and may have numbers that would not outlive being parsed.
  return octets > MAX_DATA_BYTES ? attributes : `${attributes.slice(0, -1)},"data":${data}}`;
}
