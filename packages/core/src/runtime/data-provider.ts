import type { CallContext } from './call-context.ts';

/** JSON with exact 64-bit integers: a `bigint` stands for an integer that a JavaScript number cannot hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** What a value looks like: its JSON Schema, and one with every field at its default. */
export interface TypeInfo {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly default_value: Readonly<Record<string, unknown>>;
}

/**
 * What there is to tell in the terms of the runtime alone, such as `{ plc: { block: 'DB7' } }`: `x-medkit` of a reply has it as
 * it stands there.
 */
export type NativeTerms = JsonObject;

/** A channel of the runtime that several of its entities may use. */
export interface DataChannel {
  readonly name: string;
  /** As the entity uses it. */
  readonly direction: 'publish' | 'subscribe' | 'both';
  readonly type?: string;
}

/** One item of an entity's data collection. */
export interface DataEntry {
  /** Unique on its entity. */
  readonly id: string;
  readonly name: string;
  readonly category: string;
  /** Entries that belong together, within the category. */
  readonly group?: string;
  /** What carries its values: an item of one channel is the same whoever has it. Absent: it is the entity's alone. */
  readonly channel?: DataChannel;
  /** A block that tells of the channel calls `direction` and `type` so: they are those of all whose item it is. */
  readonly terms?: NativeTerms;
  readonly typeInfo?: TypeInfo;
  /** Beyond which of its numbers there is a fault; evidence of that fault says when they were crossed. */
  readonly limits?: readonly DataLimit[];
}

/** A limit of the numbers of an item, in their unit. */
export interface DataLimit {
  /** The fault that there is beyond it. */
  readonly faultCode: string;
  readonly value: number;
  /** Where the fault is. The limit itself is on neither side. */
  readonly side: LimitSide;
  readonly unit?: string;
}

export type LimitSide = 'above' | 'below';

/** The value of one item, or what is known of an item that has none now. */
export interface DataReading {
  readonly id: string;
  /** Absent: no value within the deadline, or nobody publishes. */
  readonly value: JsonValue | undefined;
  /** When the value arrived, nanoseconds since the epoch; the time of the read where there is no value. */
  readonly timestampNs: bigint;
  readonly publisherCount: number;
  readonly subscriberCount: number;
  /** The type of the value in the runtime's own terms: `std_msgs/msg/Float32`. */
  readonly type?: string;
  readonly terms?: NativeTerms;
  readonly typeInfo?: TypeInfo;
  /** What a person should know about the value: that it could not be decoded, for one. */
  readonly warnings?: readonly string[];
}

export interface DataWrite {
  /** `package/msg/Type`; taken from the graph where the client did not say. */
  readonly type: string | undefined;
  readonly value: JsonValue;
  /** Answer only once all who receive it have confirmed that, or with a warning where they do not (default false). */
  readonly acknowledge?: boolean;
}

export interface DataWritten {
  readonly id: string;
  readonly value: JsonValue;
  readonly terms?: NativeTerms;
  /** What a person should know about the write: that nobody can receive it, for one. */
  readonly warnings?: readonly string[];
}

/** One value of an item that is watched. */
export interface DataSample {
  readonly value: JsonValue;
  /** When it arrived, nanoseconds since the epoch. */
  readonly timestampNs: bigint;
  /** The type of the value in the runtime's own terms: `std_msgs/msg/Float32`. */
  readonly type?: string;
}

/** An item that is being watched. */
export interface DataWatch {
  /**
   * The last value, where those who give the values keep it for whoever comes late, as latched channels do;
   * `undefined` where there is none. For one who shares a watch with others and came after them. Absent: nobody keeps any.
   */
  kept?(): Promise<DataSample | undefined>;
  /** Nothing is told any more, from the moment of the call. */
  close(): Promise<void>;
}

/** Of which past values somebody asks. */
export interface RecentQuery {
  /** Nanoseconds since the epoch: what arrived earlier is not of interest. */
  readonly sinceNs: bigint;
  /** Values at most; where there are more some between them are left out, evenly. */
  readonly limit: number;
}

/** What is at hand of the last seconds of a channel. */
export interface RecentValues {
  /** Message type of the values. */
  readonly type: string;
  /** The oldest first. */
  readonly values: readonly { readonly timeNs: bigint; readonly value: JsonValue }[];
  /** From when on everything is there, nanoseconds since the epoch. */
  readonly fromNs: bigint;
  /** For what it is kept: recordings of faults, or their freeze frames. */
  readonly keptFor: 'recordings' | 'freeze_frames';
  /** Values that were left out, as there are too many of them. */
  readonly omitted: number;
}

/**
 * Serves the data of a runtime's entities. Failures are thrown as `SovdError`: `resource-not-found` for an item that the
 * entity does not have.
 */
export interface DataProvider {
  list(nativeId: string, call: CallContext): Promise<readonly DataEntry[]>;
  read(nativeId: string, dataId: string, call: CallContext): Promise<DataReading>;
  write(nativeId: string, dataId: string, write: DataWrite, call: CallContext): Promise<DataWritten>;
  /**
   * Tells every value of an item from now on, in their order, and goes on when those who give the values leave and come
   * again. An item that does not exist may still come: it is waited for. Nothing is watched where `call` is aborted before
   * the promise resolves. Watching one item several times costs little more than once. Absent: items can only be read.
   *
   * Who needs no more than the newest value now and then gives a promise from `onSample`: until it has settled, values may
   * be left out, and the newest of them follows at once. What nobody is told needs no decoding.
   */
  watch?(
    nativeId: string,
    dataId: string,
    onSample: (sample: DataSample) => void | Promise<void>,
    call: CallContext,
  ): Promise<DataWatch>;
  /**
   * Native ids of all whose item it is, as a channel is one of every node that uses it: who writes it writes to all of them.
   * Absent: an item is of one entity alone.
   */
  holders?(nativeId: string, dataId: string, call: CallContext): Promise<readonly string[]>;
  /** What it keeps itself of the last seconds of an item, for who asks and for evidence of faults. Absent: nothing. */
  recent?(nativeId: string, dataId: string, query: RecentQuery, call: CallContext): Promise<RecentValues>;
  /** Whether items of an entity are still being found, so that one that is missing may be there in a moment. Absent: never. */
  isIncomplete?(nativeId: string, call: CallContext): Promise<boolean>;
}
