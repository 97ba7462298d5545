import type { MutableCounts } from './ingest-counts.ts';

/** Progress of a receiver, stored on disk. Messages at or before it are not accepted again. */
export interface SessionMark {
  readonly session: bigint;
  /** Sender time of the last accepted message, microseconds. */
  readonly timeUs: bigint;
  /** Occurrences of each fault in the last state, in the order of the declaration. Empty before the first state. */
  readonly occurrences: readonly number[];
}

/** Position of an authentic message. */
export interface MessagePosition {
  readonly session: bigint;
  readonly sequence: bigint;
  readonly timeUs: bigint;
}

/** `first`: may start a session. `next`: continues the current session. `repeated`: not after the last message. */
export type PositionVerdict = 'first' | 'next' | 'repeated';

/** Checks the order of sessions, and of messages in the current session. */
export interface SessionOrder {
  verdictOn(place: MessagePosition): PositionVerdict;
  /** Starts a session with a message. */
  begin(place: MessagePosition): void;
  /** Continues the session with a message, and counts the messages missing before it. */
  advance(place: MessagePosition): void;
  /** Session and time of the last accepted message. */
  readonly last: Pick<SessionMark, 'session' | 'timeUs'> | undefined;
  /** A session that is not after the accepted ones. `undefined` again as soon as a message is accepted. */
  readonly refusedSession: bigint | undefined;
}

/** Creates an order that continues from a mark, and counts `sessions`, `lost` and `gaps`. */
export function sessionOrder(mark: SessionMark | undefined, counts: MutableCounts): SessionOrder {
  let session = mark?.session;
  let timeUs = mark?.timeUs ?? 0n;
  let sequence = 0n;
  let hasBegun = false;
  let refusedSession: bigint | undefined;

  function take(place: MessagePosition): void {
    timeUs = place.timeUs;
    sequence = place.sequence;
    refusedSession = undefined;
  }

  return {
    verdictOn(place) {
      if (session === undefined || place.session > session) return 'first';
      if (place.session === session) {
        if (hasBegun) {
          if (place.sequence > sequence && place.timeUs >= timeUs) return 'next';
          // A late message is normal. A message that counts from 1 again is from a restarted sender that reuses its
          // last session.
          if (place.sequence === 1n) refusedSession = session;
          return 'repeated';
        }
        if (place.timeUs > timeUs) return 'first';
      }
      refusedSession = place.session;
      return 'repeated';
    },
    begin(place) {
      session = place.session;
      hasBegun = true;
      counts.sessions += 1;
      take(place);
    },
    advance(place) {
      const missing = place.sequence - sequence - 1n;
      if (missing > 0n) {
        counts.lost += Number(missing);
        counts.gaps += 1;
      }
      take(place);
    },
    get last() {
      return session === undefined ? undefined : { session, timeUs };
    },
    get refusedSession() {
      return refusedSession;
    },
  };
}
