import type { CallContext, Origin } from '@medkit/core';

/** Some events of a log, and where it begins and ends. */
export interface EventPage<Event> {
  readonly events: readonly Event[];
  readonly oldestId: number;
  readonly newestId: number;
  /** True where no event comes after the newest, ever. */
  readonly ended?: boolean;
}

/** Events with ids that grow, which are kept for a while. */
export interface EventLog<Event extends { readonly id: number }> {
  /** The gateway whose it is. */
  readonly origin: Origin;
  /** Up to `limit` events after the one with number `id`. */
  eventsAfter(id: number, limit: number, call: CallContext): Promise<EventPage<Event>>;
  /** The number behind which the last `count` events come, of a log whose numbers have gaps. */
  beforeLast?(count: number, call: CallContext): Promise<number>;
}

/** What is heard of the log of another gateway besides its events. */
export type LogNotice = { readonly origin: Origin } & (
  | {
      /** It can be read, again or (`isFound`) for the first time. */
      readonly is: 'there';
      readonly isFound: boolean;
      readonly newestId: number;
    }
  /** Its numbers have begun anew at 1. */
  | { readonly is: 'restarted' }
  /** So many events before the next are lost. */
  | { readonly is: 'lost'; readonly count: number }
);

/** The logs of events of one kind: one, or that of each gateway. */
export interface EventSource<Event extends { readonly id: number }> {
  /** Those that there are now, at most one of each gateway. Throws where there is none. */
  logs(): readonly EventLog<Event>[];
  /**
   * Calls `listener` with every event, those of one gateway in the order of their ids, once it is kept, and `onEnd` once none
   * comes any more, which not every log comes to; `onNotice` with what else is heard of logs of other gateways. Gives a way to stop.
   */
  onEvent(
    listener: (event: Event, origin: Origin) => void,
    onEnd: () => void,
    onNotice: (notice: LogNotice) => void,
  ): () => void;
  /** When an event happened, in any unit: by this, past events of several gateways are told. */
  timeOf(event: Event): bigint | number;
}
