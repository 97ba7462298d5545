/** Something that happened and is to be told, also after a restart. */
export interface NewEvent {
  /** When, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** Its name, such as `fault_confirmed`. */
  readonly type: string;
  /** JSON text, as it is sent. */
  readonly payload: string;
}

export interface StoredEvent extends NewEvent {
  /** 1 for the first; one more for each further one, also after a restart. Never given twice. */
  readonly id: number;
}

/** A part of the event log. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** The oldest that is kept: whoever has seen less than the one before has missed some. 0 where there is none. */
  readonly oldestId: number;
  /** The last number given. Whoever claims to have seen more talks of another log, which this one replaced. */
  readonly newestId: number;
}
