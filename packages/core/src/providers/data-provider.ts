import type { LimitSide } from '../faults/fault-evidence.ts';
import type { JsonObject, JsonValue } from '../json/json-object.ts';
import type { CallContext } from './call-context.ts';

/** Type of a value: its JSON Schema, and a value with every field at its default. */
export interface TypeInfo {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly default_value: Readonly<Record<string, unknown>>;
}

/**
 * Details in the terms of the runtime, such as `{ plc: { block: 'DB7' } }`. Replies contain them unchanged in
 * `x-medkit`.
 */
export type NativeTerms = JsonObject;

/** A channel of the runtime. Several entities may use the same channel. */
export interface DataChannel {
  readonly name: string;
  /** The direction from the point of view of the entity. */
  readonly direction: 'publish' | 'subscribe' | 'both';
  readonly type?: string;
}

/** One item of an entity's data collection. */
export interface DataEntry {
  /** Unique within its entity. */
  readonly id: string;
  readonly name: string;
  readonly category: string;
  /** Groups entries within the category. */
  readonly group?: string;
  /**
   * The channel that carries the values. Items of one channel are the same item for all entities. Absent if the item
   * belongs to one entity only.
   */
  readonly channel?: DataChannel;
  /**
   * A block that describes the channel uses the field names `direction` and `type`. They apply to all entities that use
   * the channel.
   */
  readonly terms?: NativeTerms;
  readonly typeInfo?: TypeInfo;
  /** Limits beyond which a fault occurs. The evidence of that fault shows when the value crossed them. */
  readonly limits?: readonly DataLimit[];
}

/** A limit of a numeric value, in the unit of the value. */
export interface DataLimit {
  /** The fault that occurs beyond the limit. */
  readonly faultCode: string;
  readonly value: number;
  /** The side on which the fault occurs. The limit itself is on neither side. */
  readonly side: LimitSide;
  readonly unit?: string;
}

/** The value of an item, or its metadata if it has no value now. */
export interface DataReading {
  readonly id: string;
  /** `undefined` if no value arrived before the deadline or the item has no publisher. */
  readonly value: JsonValue | undefined;
  /** Arrival time of the value in nanoseconds since the epoch; the time of the read if there is no value. */
  readonly timestampNs: bigint;
  readonly publisherCount: number;
  readonly subscriberCount: number;
  /** Type of the value in the terms of the runtime: `std_msgs/msg/Float32`. */
  readonly type?: string;
  readonly terms?: NativeTerms;
  readonly typeInfo?: TypeInfo;
  /** Warnings for the client, for example that the value could not be decoded. */
  readonly warnings?: readonly string[];
}

export interface DataWrite {
  /** `package/msg/Type`; taken from the graph if the client gave none. */
  readonly type: string | undefined;
  readonly value: JsonValue;
  /**
   * If true, the write answers after every receiver has confirmed it, or with a warning if some do not (default false).
   */
  readonly acknowledge?: boolean;
}

export interface DataWriteResult {
  readonly id: string;
  readonly value: JsonValue;
  readonly terms?: NativeTerms;
  /** Warnings for the client, for example that the item has no receiver. */
  readonly warnings?: readonly string[];
}

/** One value of a watched item. */
export interface DataSample {
  readonly value: JsonValue;
  /** Arrival time in nanoseconds since the epoch. */
  readonly timestampNs: bigint;
  /** Type of the value in the terms of the runtime: `std_msgs/msg/Float32`. */
  readonly type?: string;
}

/** A subscription to the values of an item. */
export interface DataWatch {
  /**
   * Returns the last value if the publisher stores it for late subscribers, as latched channels do. Returns `undefined`
   * if there is none. For a caller that joins a watch shared with others. Absent if the runtime stores no values.
   */
  kept?(): Promise<DataSample | undefined>;
  /** Closes the watch. `onSample` is not called again once `close` has been called. */
  close(): Promise<void>;
}

/** An image as a picture that browsers display. */
export interface DataPicture {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** Width of the image at its source, in pixels. */
  readonly width: number;
  /** Height of the image at its source, in pixels. */
  readonly height: number;
  /** Encoding of the image at its source: `rgb8`, `jpeg`. */
  readonly encoding: string;
  /** Arrival time in nanoseconds since the epoch. */
  readonly timestampNs: bigint;
}

/** Selects past values. */
export interface RecentQuery {
  /** Nanoseconds since the epoch. Values that arrived earlier are left out. */
  readonly sinceNs: bigint;
  /** Maximum number of values. If there are more, values are left out at even intervals. */
  readonly limit: number;
}

/** Recent values of a channel. */
export interface RecentValues {
  /** Message type of the values. */
  readonly type: string;
  /** Oldest first. */
  readonly values: readonly { readonly timeNs: bigint; readonly value: JsonValue }[];
  /** Start of the complete period, in nanoseconds since the epoch. */
  readonly fromNs: bigint;
  /** Why the values are stored: for recordings of faults, or for their freeze frames. */
  readonly storedFor: 'recordings' | 'freeze_frames';
  /** Number of values left out because of the limit. */
  readonly omitted: number;
}

/**
 * Serves the data of a runtime's entities. Failures are thrown as `SovdError`: `resource-not-found` for an item that the
 * entity does not have.
 */
export interface DataProvider {
  list(nativeId: string, call: CallContext): Promise<readonly DataEntry[]>;
  read(nativeId: string, dataId: string, call: CallContext): Promise<DataReading>;
  write(nativeId: string, dataId: string, write: DataWrite, call: CallContext): Promise<DataWriteResult>;
  /**
   * Calls `onSample` with every new value of an item, in order. Continues when publishers disappear and return. If the
   * item does not exist yet, waits for it. Does nothing if `call` is aborted before the promise resolves. Several
   * watches of one item cost little more than one. Absent if items can only be read.
   *
   * `onSample` may return a promise to slow down the stream. Until it settles, values may be skipped, and the newest of
   * them follows immediately afterwards. Skipped values need not be decoded.
   */
  watch?(
    nativeId: string,
    dataId: string,
    onSample: (sample: DataSample) => void | Promise<void>,
    call: CallContext,
  ): Promise<DataWatch>;
  /**
   * Calls `onArrival` for every new value of an item with its arrival time in milliseconds since the epoch, without
   * decoding it. Otherwise like `watch`, with which it shares the subscription. Absent if the runtime has no channels.
   */
  arrivals?(
    nativeId: string,
    dataId: string,
    onArrival: (receivedMs: number) => void,
    call: CallContext,
  ): Promise<DataWatch>;
  /**
   * Returns the native ids of all entities that share the item: a channel belongs to every node that uses it, so a
   * write reaches all of them. Absent if each item belongs to one entity.
   */
  holders?(nativeId: string, dataId: string, call: CallContext): Promise<readonly string[]>;
  /**
   * Returns the values of the last seconds that the runtime stores itself, for clients and for the evidence of faults.
   * Absent if it stores none.
   */
  recent?(nativeId: string, dataId: string, query: RecentQuery, call: CallContext): Promise<RecentValues>;
  /**
   * Returns the newest value of an item that is an image, at most `maxWidth` pixels wide if it is encoded for the
   * picture. Waits for a first value like `read`. Throws `precondition-not-fulfilled` if the value is not an image that
   * can be shown. Absent if the runtime has no images.
   */
  picture?(nativeId: string, dataId: string, maxWidth: number, call: CallContext): Promise<DataPicture>;
  /**
   * Returns whether items of an entity are still being discovered, so that a missing item may appear soon. Absent if
   * discovery is always complete.
   */
  isIncomplete?(nativeId: string, call: CallContext): Promise<boolean>;
}
