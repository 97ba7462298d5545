/**
 * What an event of an alarm says (OPC 10000-9, 5.8): fields that the server did not give are absent. Node ids are texts as
 * `ns=2;s=Tank.Level`, with the namespace left out where it is 0.
 */
export interface PlcEvent {
  /** The notifier that it was subscribed at. */
  readonly notifier: string;
  /** The condition it tells of; absent for an event that tells of none, such as a message of the system. */
  readonly conditionId: string | undefined;
  readonly eventId: Uint8Array;
  readonly eventType: string;
  readonly sourceNode: string;
  readonly sourceName: string;
  readonly conditionName: string;
  /** Set where it tells of a former state that nobody acknowledged yet. */
  readonly branchId: string | undefined;
  readonly message: string;
  /** 1 to 1000. */
  readonly severity: number;
  /** Nanoseconds since the epoch, by the clock of the server. */
  readonly timeNs: bigint;
  readonly enabled: boolean;
  /** Absent where the event does not say, as one that tells of an acknowledgement alone: then it is as it was. */
  readonly active: boolean | undefined;
  readonly shelved: boolean;
  readonly acknowledged: boolean;
  readonly confirmed: boolean;
  readonly retain: boolean;
  /** Those of `associatedValues` that the server gave, as texts by their names. */
  readonly associated: ReadonlyMap<string, string>;
}

/** A notifier whose alarms are wanted, with the further fields that each is to tell of. */
export interface EventSource {
  readonly notifier: string;
  readonly associatedValues: readonly string[];
}

/** What is known of a condition that is read rather than told of. */
export type ReadCondition = Omit<PlcEvent, 'eventId'> & {
  /** Of the event that told of it last; absent where the server does not show it. */
  readonly eventId?: Uint8Array | undefined;
  /** Set where its state could not be read this time: it is there, and nothing of how it is counts. */
  readonly unread?: true;
};
