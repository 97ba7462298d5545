import type { Clock, HttpReply } from '@medkit/edges';
import { retryAfterMs } from './back-off.ts';

/** What a try has come to. */
export type Verdict =
  | { readonly is: 'delivered' }
  /** To be tried again; not before `pauseMs`, which then goes for everything that is delivered there. */
  | { readonly is: 'failed'; readonly error: string; readonly pauseMs?: number }
  /** The receiver will not have this very event: only a few more tries. */
  | { readonly is: 'refused'; readonly error: string }
  /** The receiver wants nothing more. */
  | { readonly is: 'gone'; readonly error: string };

const GONE = 410;
/** Something is wrong with what was sent, not with who sent it or with the receiver. */
const REFUSING: readonly number[] = [400, 413, 422];
/** The receiver has too much to do. */
const BUSY: readonly number[] = [429, 503];
/** Characters of what a receiver says that are kept. */
const MAX_SAID_LENGTH = 200;

/** What the reply of a receiver says of a delivery. A redirect is a failure: it might lead where nobody allowed it to. */
export function verdictOf(reply: HttpReply, clock: Clock): Verdict {
  const { status, headers } = reply;
  if (status >= 200 && status < 300) return { is: 'delivered' };
  const said = firstLine(reply.body);
  const error = `HTTP ${status}${said && `: ${said}`}`;
  if (status === GONE) return { is: 'gone', error };
  if (REFUSING.includes(status)) return { is: 'refused', error };
  if (BUSY.includes(status)) return { is: 'failed', error, pauseMs: retryAfterMs(reply, clock) };
  if (status >= 300 && status < 400) {
    const location = firstLine(headers['location'] ?? '');
    return { is: 'failed', error: `HTTP ${status}: it redirects to ${location || 'nowhere'}, which is not followed` };
  }
  return { is: 'failed', error };
}

/** The beginning of a text of somebody else, fit for a line of a log. */
export function firstLine(text: string): string {
  return text
    .slice(0, 2 * MAX_SAID_LENGTH)
    .replaceAll(/[^\P{C} ]+|\s+/gu, ' ')
    .trim()
    .slice(0, MAX_SAID_LENGTH);
}
