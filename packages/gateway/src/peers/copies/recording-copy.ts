import type { JsonObject, JsonValue } from '@medkit/core';
import { type FaultCopy, objectOf } from './fault-copy.ts';

/** Recordings of one fault that are looked at. */
const MAX_OF_FAULT = 20;
/** Files that a recording may have, and octets of what is told of it. */
const MAX_FILES = 100;
const MAX_DESCRIPTOR_BYTES = 8192;

/** A file of a recording as it lies here. */
export interface CopiedFile {
  /** As its gateway names it. */
  readonly name: string;
  readonly size: number;
  /** That of its gateway, where it has one: a client that began there goes on here. */
  readonly tag: string;
}

/** A fault of a recording, and whether the gateway said so when it was asked last. */
export interface RecordedFault extends Pick<FaultCopy, 'holder' | 'code'> {
  readonly isTold: boolean;
}

/** A recording of faults of another gateway that was copied, or is to be. */
export interface RecordingCopy {
  /** The runtime that shows the gateway. */
  readonly peer: string;
  readonly id: string;
  /** As the list of its bulk data has it. */
  readonly descriptor: JsonObject;
  readonly faults: readonly RecordedFault[];
  /** That of the gravest of its faults. */
  readonly severity: number;
  /** When it was heard of, wall clock milliseconds. */
  readonly sinceMs: number;
  /** What is here of it; absent while it waits to be copied. */
  readonly copied?: CopiedRecording;
}

export interface CopiedRecording {
  /** Its folder; no two ever had the same number. */
  readonly place: number;
  /** When it was copied, wall clock milliseconds. */
  readonly asOfMs: number;
  readonly files: readonly CopiedFile[];
}

/** A recording as a fault has it. */
export interface ToldRecording {
  readonly id: string;
  /** Whether it is of the occurrence that the fault is in. */
  readonly isPresent: boolean;
}

/** Octets that are here of a recording. */
export function bytesOf({ copied }: Pick<RecordingCopy, 'copied'>): number {
  return copied?.files.reduce((sum, { size }) => sum + size, 0) ?? 0;
}

/** Whether a text can be the name of a recording or of a file of it. */
export function isRecordingName(text: unknown): text is string {
  return typeof text === 'string' && /^[\w.-]{1,200}$/.test(text) && !text.includes('..');
}

/** The recordings of a fault as its detail tells them. */
export function recordingsIn(detail: JsonObject): readonly ToldRecording[] {
  const { snapshots } = objectOf(detail['environment_data']) ?? {};
  const told = (Array.isArray(snapshots) ? (snapshots as readonly JsonValue[]) : []).flatMap((snapshot) => {
    const fields = objectOf(snapshot) ?? {};
    const id = recordingIdOf(fields);
    const isPresent = objectOf(fields['x-medkit'])?.['earlier_occurrence'] !== true;
    return id === undefined ? [] : [{ id, isPresent }];
  });
  return told.slice(0, MAX_OF_FAULT);
}

/** The recording that a snapshot, or a record, says where to download; `undefined` where it is of none. */
export function recordingIdOf({ bulk_data_uri: uri }: JsonObject): string | undefined {
  const id = typeof uri === 'string' ? /\/bulk-data\/rosbags\/([^/]+)$/.exec(uri)?.[1] : undefined;
  return isRecordingName(id) ? id : undefined;
}

/** The descriptor of a recording in a list of bulk data; `undefined` where it is not there, or is none. */
export function descriptorOf(list: readonly JsonValue[], id: string): JsonObject | undefined {
  const descriptor = list.map(objectOf).find((fields) => fields?.['id'] === id);
  if (!descriptor || JSON.stringify(descriptor, withoutBigInts).length > MAX_DESCRIPTOR_BYTES) return undefined;
  const { name, mimetype, size, creation_date } = descriptor;
  // What is told as a copy is one: its gateway answers for another one.
  const isOwn = objectOf(descriptor['x-medkit'])?.['as_of'] === undefined;
  const isSound = [name, mimetype, creation_date].every((text) => typeof text === 'string') && isSize(size);
  return isOwn && isSound && filesIn(descriptor).length > 0 ? descriptor : undefined;
}

/** The files that a recording has, as its descriptor tells them, by the names under which they are downloaded. */
export function filesIn(descriptor: JsonObject): readonly Pick<CopiedFile, 'name' | 'size'>[] {
  const { files } = objectOf(descriptor['x-medkit']) ?? {};
  const told: readonly JsonObject[] = Array.isArray(files) ? files.map((file) => objectOf(file) ?? {}) : [descriptor];
  const sound = told.flatMap(({ id: name, size }) => (isRecordingName(name) && isSize(size) ? [{ name, size }] : []));
  return sound.length === told.length && sound.length <= MAX_FILES ? sound : [];
}

/** Octets of all of them. */
export function toldBytes(descriptor: JsonObject): number {
  return filesIn(descriptor).reduce((sum, { size }) => sum + size, 0);
}

function isSize(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function withoutBigInts(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
