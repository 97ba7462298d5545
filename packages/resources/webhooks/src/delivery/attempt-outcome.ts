import { type Clock, type HttpReply, retryAfterMs } from '@medkit/edges';

/** Outcome of an attempt. */
export type AttemptOutcome =
  | { readonly is: 'delivered' }
  /** Retry, not before `pauseMs`, which then applies to all deliveries to the target. */
  | { readonly is: 'failed'; readonly error: string; readonly pauseMs?: number }
  /** The receiver rejects this event: only a few more attempts. */
  | { readonly is: 'refused'; readonly error: string }
  /** The receiver wants no more deliveries. */
  | { readonly is: 'gone'; readonly error: string };

const GONE = 410;
/** The event is invalid for the receiver; neither the sender nor the receiver is at fault. */
const REFUSING: readonly number[] = [400, 413, 422];
/** The receiver is overloaded. */
const BUSY: readonly number[] = [429, 503];
/** Maximum delay that a receiver can request with `Retry-After`. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** Maximum characters kept of a receiver's text. */
const MAX_SAID_LENGTH = 200;

/**
 * Returns the outcome from a receiver's reply. A redirect is a failure: it might lead to an address that is not
 * allowed.
 */
export function outcomeOf(reply: HttpReply, clock: Clock): AttemptOutcome {
  const { status, headers } = reply;
  if (status >= 200 && status < 300) return { is: 'delivered' };
  const said = firstLine(reply.body);
  const error = `HTTP ${status}${said && `: ${said}`}`;
  if (status === GONE) return { is: 'gone', error };
  if (REFUSING.includes(status)) return { is: 'refused', error };
  if (BUSY.includes(status)) return { is: 'failed', error, pauseMs: retryAfterMs(reply, clock, MAX_RETRY_AFTER_MS) };
  if (status >= 300 && status < 400) {
    const location = firstLine(headers['location'] ?? '');
    return { is: 'failed', error: `HTTP ${status}: it redirects to ${location || 'nowhere'}, which is not followed` };
  }
  return { is: 'failed', error };
}

/** Returns the beginning of a foreign text in a form fit for a log line. */
export function firstLine(text: string): string {
  return text
    .slice(0, 2 * MAX_SAID_LENGTH)
    .replaceAll(/[^\P{C} ]+|\s+/gu, ' ')
    .trim()
    .slice(0, MAX_SAID_LENGTH);
}
