import type { CallContext, Origin } from '@medkit/core';

/** A page of a log, and the range of its ids. */
export interface EventPage<Event> {
  readonly events: readonly Event[];
  readonly oldestId: number;
  readonly newestId: number;
  /** True if no event will follow the newest. */
  readonly ended?: boolean;
}

/** Events with ascending ids, which are stored for a limited time. */
export interface EventLog<Event extends { readonly id: number }> {
  /** The gateway that owns the log. */
  readonly origin: Origin;
  /** Returns up to `limit` events after number `id`. */
  eventsAfter(id: number, limit: number, call: CallContext): Promise<EventPage<Event>>;
  /** Returns the number after which the last `count` events follow, for a log whose numbers have gaps. */
  beforeLast?(count: number, call: CallContext): Promise<number>;
}

/** Notices about a peer's log besides its events. */
export type LogNotice = { readonly origin: Origin } & (
  | {
      /** It can be read, again or (`isFound`) for the first time. */
      readonly is: 'there';
      readonly isFound: boolean;
      readonly newestId: number;
    }
  /** Its numbers restarted at 1. */
  | { readonly is: 'restarted' }
  /** This many events before the next are lost. */
  | { readonly is: 'lost'; readonly count: number }
);

/** The logs of one kind of events: one, or one of each gateway. */
export interface EventSource<Event extends { readonly id: number }> {
  /** Returns the present logs, at most one of each gateway. Throws if there is none. */
  logs(): readonly EventLog<Event>[];
  /**
   * Calls `listener` with every event once it is stored, in the order of ids for each gateway. Calls `onEnd` when the
   * log ends, if it ever does, and `onNotice` with notices about peers' logs. Returns a function that unsubscribes.
   */
  onEvent(
    listener: (event: Event, origin: Origin) => void,
    onEnd: () => void,
    onNotice: (notice: LogNotice) => void,
  ): () => void;
  /** Returns when an event happened, in any unit: past events of several gateways are sent in this order. */
  timeOf(event: Event): bigint | number;
}
