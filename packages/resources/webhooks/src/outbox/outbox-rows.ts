import type { Row } from '@medkit/store';
import type { Webhook } from '../webhook.ts';

/** A waiting delivery without its message. */
export interface WaitingRow {
  readonly id: number;
  readonly targetId: number;
  readonly source: string;
  readonly octets: number;
  /** Failed attempts so far. */
  readonly attempts: number;
  readonly waitedMs: number;
}

/** The content of a delivery. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
}

/** A delivery as shown to people. */
export interface DeliveryRow extends WaitingRow {
  readonly messageId: string;
  readonly type: string;
  readonly timeMs: number;
  readonly url: string;
  readonly lastError: string | undefined;
  /** When it was given up, milliseconds since the epoch. */
  readonly deadMs: number | undefined;
}

export const WAITING_COLUMNS = 'id, target_id, source, octet_length(body) AS octets, attempts, waited_ms';

export function waitingOf(row: Row): WaitingRow {
  return {
    id: Number(row.id),
    targetId: Number(row.target_id),
    source: String(row.source),
    octets: Number(row.octets),
    attempts: Number(row.attempts),
    waitedMs: Number(row.waited_ms),
  };
}

export function deliveryOf(row: Row): DeliveryRow {
  return {
    ...waitingOf(row),
    messageId: String(row.message_id),
    type: String(row.type),
    timeMs: Number(row.time_ms),
    url: String(row.url),
    lastError: row.last_error === null ? undefined : String(row.last_error),
    deadMs: row.dead_ms === null ? undefined : Number(row.dead_ms),
  };
}

export function webhookOf({ url, secret, headers }: Row): Webhook {
  return {
    url: String(url),
    ...(secret !== '' && { secret: String(secret) }),
    headers: JSON.parse(String(headers)),
  };
}
