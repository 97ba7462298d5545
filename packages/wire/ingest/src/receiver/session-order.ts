import type { RunningCounts } from './ingest-counts.ts';

/** How far a receiver has come: nothing at or before it is taken again. It is what it keeps on disk. */
export interface SessionMark {
  readonly session: bigint;
  /** Of the last message that was taken, microseconds of its sender. */
  readonly timeUs: bigint;
  /** Of each fault in the last state, in the order of the declaration; empty before there was one. */
  readonly occurrences: readonly number[];
}

/** Where an authentic message stands. */
export interface MessagePlace {
  readonly session: bigint;
  readonly sequence: bigint;
  readonly timeUs: bigint;
}

/** `first`: it could begin a session. `next`: it goes on with the one that has begun. `repeated`: it is not after the last. */
export type PlaceVerdict = 'first' | 'next' | 'repeated';

/** The order of sessions, and of messages in the one that has begun. */
export interface SessionOrder {
  verdictOn(place: MessagePlace): PlaceVerdict;
  /** A message begins a session. */
  begin(place: MessagePlace): void;
  /** A message goes on with it; what is missing before it is counted. */
  advance(place: MessagePlace): void;
  /** What was taken last. */
  readonly last: Pick<SessionMark, 'session' | 'timeUs'> | undefined;
  /** A session that is not after what was taken before; `undefined` as soon as something is taken. */
  readonly refusedSession: bigint | undefined;
}

/** An order that goes on from a mark, counting `sessions`, `lost` and `gaps`. */
export function sessionOrder(mark: SessionMark | undefined, counts: RunningCounts): SessionOrder {
  let session = mark?.session;
  let timeUs = mark?.timeUs ?? 0n;
  let sequence = 0n;
  let hasBegun = false;
  let refusedSession: bigint | undefined;

  function take(place: MessagePlace): void {
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
          // A late one is no news. One that counts from 1 again has begun anew, with the session of the last time.
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
