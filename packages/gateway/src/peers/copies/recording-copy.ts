import { fieldsOf, type JsonObject, type JsonValue, stringifyJson } from '@medkit/core';
import type { FaultKey } from './fault-copies.ts';

/** Maximum recordings of one fault. */
const MAX_OF_FAULT = 20;
/** Maximum files of a recording, and bytes of its descriptor. */
const MAX_FILES = 100;
const MAX_DESCRIPTOR_BYTES = 8192;

/** A stored file of a recording. */
export interface CopiedFile {
  /** Name on its peer. */
  readonly name: string;
  readonly size: number;
  /** The peer's tag, if it has one, so that a client can resume a download here. */
  readonly tag: string;
}

/** A fault of a recording, and whether the peer still reported the link at the last read. */
export interface RecordedFault extends Pick<FaultKey, 'holder' | 'code'> {
  readonly isTold: boolean;
}

/** Identifies a recording. */
export interface RecordingKey {
  /** The runtime of the peer. */
  readonly peer: string;
  readonly id: string;
}

/** A recording of a peer's faults that was copied or will be. */
export interface RecordingCopy extends RecordingKey {
  /** The entry in its bulk data list. */
  readonly descriptor: JsonObject;
  readonly faults: readonly RecordedFault[];
  /** The highest severity of its faults. */
  readonly severity: number;
  /** When it was first seen, wall clock milliseconds. */
  readonly sinceMs: number;
  /** The stored files; absent while it waits to be copied. */
  readonly copied?: CopiedRecording;
}

export interface CopiedRecording {
  /** Number of its folder; unique. */
  readonly place: number;
  /** Time of the copy, wall clock milliseconds. */
  readonly asOfMs: number;
  readonly files: readonly CopiedFile[];
}

/** A recording that a fault refers to. */
export interface RecordingReference {
  readonly id: string;
  /** Whether it belongs to the present occurrence of the fault. */
  readonly isPresent: boolean;
}

/** Returns the stored bytes of a recording. */
export function bytesOf({ copied }: Pick<RecordingCopy, 'copied'>): number {
  return copied?.files.reduce((sum, { size }) => sum + size, 0) ?? 0;
}

/** Returns whether a text can be the name of a recording or of one of its files. */
function isRecordingName(text: unknown): text is string {
  return typeof text === 'string' && /^[\w.-]{1,200}$/.test(text) && !text.includes('..');
}

/** Returns the recordings in the detail of a fault. */
export function referencedRecordings(detail: JsonObject): readonly RecordingReference[] {
  const { snapshots } = fieldsOf(detail['environment_data']) ?? {};
  const referenced = (Array.isArray(snapshots) ? (snapshots as readonly JsonValue[]) : []).flatMap((snapshot) => {
    const fields = fieldsOf(snapshot) ?? {};
    const id = recordingIdOf(fields);
    const isPresent = fieldsOf(fields['x-medkit'])?.['earlier_occurrence'] !== true;
    return id === undefined ? [] : [{ id, isPresent }];
  });
  return referenced.slice(0, MAX_OF_FAULT);
}

/** Returns the recording in the download address of a snapshot or record; `undefined` if there is none. */
export function recordingIdOf({ bulk_data_uri: uri }: JsonObject): string | undefined {
  const id = typeof uri === 'string' ? /\/bulk-data\/rosbags\/([^/]+)$/.exec(uri)?.[1] : undefined;
  return isRecordingName(id) ? id : undefined;
}

/** Returns the descriptor of a recording in a list of bulk data; `undefined` if it is missing or invalid. */
export function descriptorOf(list: readonly JsonValue[], id: string): JsonObject | undefined {
  const descriptor = list.map(fieldsOf).find((fields) => fields?.['id'] === id);
  if (!descriptor || stringifyJson(descriptor).length > MAX_DESCRIPTOR_BYTES) return undefined;
  const { name, mimetype, size, creation_date } = descriptor;
  // An entry marked as a copy belongs to another gateway.
  const isOriginal = fieldsOf(descriptor['x-medkit'])?.['as_of'] === undefined;
  const isSound = [name, mimetype, creation_date].every((text) => typeof text === 'string') && isSize(size);
  return isOriginal && isSound && filesIn(descriptor).length > 0 ? descriptor : undefined;
}

/** Returns the files in a descriptor, by their download names. */
export function filesIn(descriptor: JsonObject): readonly Pick<CopiedFile, 'name' | 'size'>[] {
  const { files } = fieldsOf(descriptor['x-medkit']) ?? {};
  const entries = Array.isArray(files) ? files.map((file: JsonValue) => fieldsOf(file) ?? {}) : [descriptor];
  const sound = entries.flatMap(({ id: name, size }) =>
    isRecordingName(name) && isSize(size) ? [{ name, size }] : [],
  );
  return sound.length === entries.length && sound.length <= MAX_FILES ? sound : [];
}

/** Returns the announced bytes of all files. */
export function announcedSize(descriptor: JsonObject): number {
  return filesIn(descriptor).reduce((sum, { size }) => sum + size, 0);
}

function isSize(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
