import type { OctetRange } from '@medkit/edges';
import type { JsonObject, JsonValue } from '../json/json-object.ts';

/** The side of a limit on which a fault occurs. */
export type LimitSide = 'above' | 'below';

/** The recent values of a numeric field, oldest first. */
export interface FieldHistory {
  /** The latest value. */
  readonly value: number;
  /** `[nanoseconds since the Unix epoch, value]`. */
  readonly history: readonly (readonly [timeNs: bigint, value: number])[];
}

/** A limit of a field. Beyond it, the fault of the frame occurs. */
export interface FieldLimit {
  /** Path of the field, with the same spelling as in `history`. */
  readonly field: string;
  readonly value: number;
  readonly side: LimitSide;
  readonly unit?: string;
  /** Display name of the field. */
  readonly label?: string;
}

/** How a frame with the values of an entity was captured. */
export interface FrameProvenance {
  /** Captured when the gateway started instead of when the fault was confirmed. */
  readonly atStart: boolean;
  /** False if the values date from before the connection to the entity was lost. */
  readonly connected: boolean;
  /** When the newest of the values arrived. */
  readonly sourceTimestampNs: bigint;
}

/** What a channel carries: a limit, a measured value, or a command to the robot. */
export const CHANNEL_ROLES = ['threshold', 'measured', 'commanded'] as const;

/** The meaning of a channel for a person, as configured by the integrator. */
export interface ChannelMeaning {
  readonly role?: (typeof CHANNEL_ROLES)[number];
  /** The channel to which this threshold or command applies. */
  readonly of?: string;
  readonly unit?: string;
  readonly label?: string;
  /** The robot does not move while this threshold is exceeded. */
  readonly blocksMotion?: boolean;
}

/** A message of a channel around the time at which a fault was confirmed. */
export interface FreezeFrame {
  readonly kind: 'freeze_frame';
  /**
   * Last segment of the channel name. `freeze_frame` for the frame that survives a clear and has all channels in one
   * value.
   */
  readonly name: string;
  /** Empty for a frame with all channels. */
  readonly channel: string;
  /** The runtime of the channel. Set if several runtimes that reported the fault have a channel of this name. */
  readonly runtime?: string;
  readonly messageType: string;
  /** The message, or text if the stored data is not JSON. */
  readonly data: JsonValue;
  /** Why `data` is text or is incomplete. */
  readonly problem?: string;
  /** Recent values by field path, such as `linear.x`. */
  readonly history?: Readonly<Record<string, FieldHistory>>;
  /** Absent if the source of the values reported no limits. */
  readonly limits?: readonly FieldLimit[];
  /** Frames of one capture share this number. Absent if it is unknown. */
  readonly captureId?: number;
  /** The occurrence of the fault in which it was captured, from 1. Absent if it is unknown. */
  readonly occurrence?: number;
  /** Absent if the integrator has not configured it. */
  readonly meaning?: ChannelMeaning;
  /** How the frame was captured. Set if the gateway itself read all values of an entity. */
  readonly provenance?: FrameProvenance;
  readonly capturedAtNs: bigint;
}

/** A recording of the relevant channels around the time of a fault. Several faults may share one recording. */
export interface FaultRecording {
  readonly kind: 'recording';
  /** `fault_MOTOR_OVERHEAT_1700000000000` */
  readonly id: string;
  /** Sorted. */
  readonly faultCodes: readonly string[];
  /** `sqlite3`, `mcap`, or the name that another fault manager uses. */
  readonly format: string;
  readonly octets: number;
  readonly durationMs: number;
  readonly createdAtNs: bigint;
}

/** A file that its owner opens on demand. */
export interface FileSource {
  /** The owner's file name: `fault_MOTOR_OVERHEAT_1770201012500_0.mcap`. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Changes whenever the content does. */
  readonly tag: string;
  /** Reads the content, or a part of it, in chunks. */
  read(range?: OctetRange): AsyncIterable<Uint8Array>;
}

/** A recording with access to its files. */
export interface RecordingSource extends FaultRecording {
  /**
   * Returns its files in the order in which they were written. Each file can be played by itself. Returns an empty list
   * if the recording was deleted. Rejects with the system's error if the files exist but cannot be read.
   */
  files(): Promise<readonly FileSource[]>;
  /**
   * Returns what the recording contains, in the terms of its runtime; `undefined` if the runtime gives no summary.
   * Absent if the runtime does not support summaries.
   */
  summary?(): Promise<JsonObject | undefined>;
}

/** Log lines around the time at which a fault was confirmed, from its reporters and related entities. */
export interface LogExcerpt {
  /** The occurrence of the fault, from 1. */
  readonly occurrence: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Sorted by time. */
  readonly lines: readonly {
    readonly atNs: bigint;
    /** `debug`, `info`, `warning`, `error` or `fatal`. */
    readonly severity: string;
    /** Format as in `LogRecord`. */
    readonly logger: string;
    readonly message: string;
  }[];
  /** Number of lines left out because of the size limit. */
  readonly omitted: number;
}

/** Evidence from another SOVD server or a plugin, in its original format. */
export interface ForeignSnapshot {
  readonly kind: 'foreign';
  readonly body: JsonObject;
}

export type FaultSnapshot = FreezeFrame | FaultRecording | ForeignSnapshot;
