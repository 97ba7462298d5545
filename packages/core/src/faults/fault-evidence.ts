import type { OctetRange } from '@medkit/edges';
import type { JsonObject, JsonValue, LimitSide } from '../runtime/data-provider.ts';

/** A number of a message over the last moments, oldest first. */
export interface FieldHistory {
  /** The last one. */
  readonly value: number;
  /** `[nanoseconds since the Unix epoch, value]`. */
  readonly history: readonly (readonly [timeNs: bigint, value: number])[];
}

/** A limit of a field beyond which the fault is that the frame is of. */
export interface FieldLimit {
  /** Path of the field, as `history` has it. */
  readonly field: string;
  readonly value: number;
  readonly side: LimitSide;
  readonly unit?: string;
  /** What a person calls the field. */
  readonly label?: string;
}

/** How a frame of an entity came about. */
export interface FrameProvenance {
  /** Captured when the gateway started, and not when the fault was confirmed. */
  readonly atStart: boolean;
  /** False where the values are those from before the connection to the entity was lost. */
  readonly connected: boolean;
  /** When the newest of the values arrived. */
  readonly sourceTimestampNs: bigint;
}

/** A line that is not to be crossed, what is measured, or what the robot was told to do. */
export const CHANNEL_ROLES = ['threshold', 'measured', 'commanded'] as const;

/** What a channel is to the person who looks at it, as far as the integrator has said. */
export interface ChannelMeaning {
  readonly role?: (typeof CHANNEL_ROLES)[number];
  /** The channel that it is the threshold or the command of. */
  readonly of?: string;
  readonly unit?: string;
  readonly label?: string;
  /** The robot does not move while it is crossed. */
  readonly blocksMotion?: boolean;
}

/** What a channel of a runtime said around the time at which a fault was confirmed. */
export interface FreezeFrame {
  readonly kind: 'freeze_frame';
  /** Last segment of the channel; `freeze_frame` for the frame that outlives a clear, which has all channels in one value. */
  readonly name: string;
  /** Empty for a frame of all channels. */
  readonly channel: string;
  /** Whose channel it is, where several runtimes that reported the fault have one of that name. */
  readonly runtime?: string;
  readonly messageType: string;
  /** The message. Text where what is stored is no JSON. */
  readonly data: JsonValue;
  /** Why `data` is text, or is not the whole message. */
  readonly problem?: string;
  /** By path of the field, `linear.x`. */
  readonly history?: Readonly<Record<string, FieldHistory>>;
  /** Absent where whoever gave the values knows of none. */
  readonly limits?: readonly FieldLimit[];
  /** Frames that were captured together have one number; absent where nobody knows. */
  readonly captureId?: number;
  /** The occurrence of the fault in which it was captured, from 1; absent where nobody knows. */
  readonly occurrence?: number;
  /** Absent where nobody has said what its channel is. */
  readonly meaning?: ChannelMeaning;
  /** What is known of how it came about, where the gateway itself asked an entity for all its values. */
  readonly provenance?: FrameProvenance;
  readonly capturedAtNs: bigint;
}

/** A recording of all channels of interest around the time of a fault; several faults may share one. */
export interface FaultRecording {
  readonly kind: 'recording';
  /** `fault_MOTOR_OVERHEAT_1700000000000` */
  readonly id: string;
  /** Sorted. */
  readonly faultCodes: readonly string[];
  /** `sqlite3`, `mcap`, or what another fault manager calls it. */
  readonly format: string;
  readonly octets: number;
  readonly durationMs: number;
  readonly createdAtNs: bigint;
}

/** A file that its owner opens for whoever wants to read it. */
export interface FileSource {
  /** As its owner calls it: `fault_MOTOR_OVERHEAT_1770201012500_0.mcap`. */
  readonly name: string;
  /** Octets. */
  readonly size: number;
  /** Changes whenever the content does. */
  readonly tag: string;
  /** Its octets, or a part of them, chunk by chunk. */
  read(range?: OctetRange): AsyncIterable<Uint8Array>;
}

/** A recording, and the way to what was recorded. */
export interface RecordingSource extends FaultRecording {
  /**
   * Its files in the order in which they were written, each of which can be played by itself; none where it is gone.
   * Rejects with what the system says where they are there and cannot be read.
   */
  files(): Promise<readonly FileSource[]>;
  /** What is in it, in the terms of its runtime alone; `undefined` where it does not say. Absent: nobody knows. */
  summary?(): Promise<JsonObject | undefined>;
}

/** What was logged around the time at which a fault was confirmed, by those who reported it and their neighbours. */
export interface LogExcerpt {
  /** The occurrence of the fault, from 1. */
  readonly occurrence: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** In the order of their times. */
  readonly lines: readonly {
    readonly atNs: bigint;
    /** `debug`, `info`, `warning`, `error` or `fatal`. */
    readonly severity: string;
    /** As `LogRecord` has it. */
    readonly logger: string;
    readonly message: string;
  }[];
  /** Lines that there was no room for. */
  readonly omitted: number;
}

/** Evidence that another SOVD server or a plugin gave, in its own words. */
export interface ForeignSnapshot {
  readonly kind: 'foreign';
  readonly body: JsonObject;
}

export type FaultSnapshot = FreezeFrame | FaultRecording | ForeignSnapshot;
