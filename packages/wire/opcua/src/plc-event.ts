/**
 * The fields of an alarm event (OPC 10000-9, 5.8); fields that the server did not send are absent. Node ids are texts
 * such as `ns=2;s=Tank.Level`, without namespace 0.
 */
export interface PlcEvent {
  /** The notifier of the subscription. */
  readonly notifier: string;
  /** The condition; absent for events without one, such as system messages. */
  readonly conditionId: string | undefined;
  readonly eventId: Uint8Array;
  readonly eventType: string;
  readonly sourceNode: string;
  readonly sourceName: string;
  readonly conditionName: string;
  /** Present if the event refers to a previous, unacknowledged state. */
  readonly branchId: string | undefined;
  readonly message: string;
  /** 1 to 1000. */
  readonly severity: number;
  /** Nanoseconds since the epoch, by the server's clock. */
  readonly timeNs: bigint;
  readonly enabled: boolean;
  /** Absent if the event does not contain it, as for an acknowledgement: then it is unchanged. */
  readonly active: boolean | undefined;
  readonly shelved: boolean;
  readonly acknowledged: boolean;
  readonly confirmed: boolean;
  readonly retain: boolean;
  /** The fields of `associatedValues` that the server sent, as texts by name. */
  readonly associated: ReadonlyMap<string, string>;
}

/** A notifier to subscribe to, with the additional fields to request. */
export interface EventSource {
  readonly notifier: string;
  readonly associatedValues: readonly string[];
}

/** A condition that was read. */
export type ReadCondition = Omit<PlcEvent, 'eventId'> & {
  /** Id of the last event; absent if the server does not provide it. */
  readonly eventId?: Uint8Array | undefined;
  /** True if its state could not be read this time: the condition exists, but its fields are not valid. */
  readonly unread?: true;
};
