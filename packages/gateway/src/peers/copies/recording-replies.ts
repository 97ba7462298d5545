import { type ForwardReply, type ForwardRequest, fieldsOf, type JsonObject, type JsonValue } from '@medkit/core';
import { fileHead, notSatisfiable } from '../../http/file-reply.ts';
import { withDocument } from '../forwarding/parse-document.ts';
import type { FaultCopy } from './fault-copies.ts';
import type { RecordingCopies } from './recording-copies.ts';
import { type CopiedRecording, type RecordedFault, type RecordingCopy, recordingIdOf } from './recording-copy.ts';
import { withCopyTime } from './replica.ts';

const CATEGORIES = '/bulk-data';
const LIST = '/bulk-data/rosbags';
const ITEM = /^\/bulk-data\/rosbags\/([\w.-]+)$/;

type Whole = RecordingCopy & { readonly copied: CopiedRecording };
type Copies = Pick<RecordingCopies, 'of' | 'files'>;

/** Returns the reply about recordings for an unresponsive peer; `faults` are those of the requested entity. */
export function copiedRecordingReply(
  copies: Copies,
  peer: string,
  faults: readonly FaultCopy[],
  { path, headers }: ForwardRequest,
): ForwardReply | undefined {
  if (!path.startsWith(CATEGORIES)) return undefined;
  const recordings = recordingsOf(copies, peer, faults);
  if (recordings.length === 0) return undefined;
  if (path === CATEGORIES) return documentReply({ items: ['rosbags'] });
  if (path === LIST) {
    const items = recordings.flatMap((recording) => descriptorFor(recording, faults));
    return documentReply({ items, 'x-medkit': { total_count: items.length, partial: true, failed_peers: [peer] } });
  }
  const [, name] = ITEM.exec(path) ?? [];
  return name === undefined ? undefined : fileNamed(copies, recordings, name, headers);
}

/** Returns a document as the reply of an offline peer. */
export function documentReply(document: JsonObject): ForwardReply {
  const headers = { 'content-type': 'application/json' };
  return withDocument({ status: 200, headers, close: () => undefined }, document);
}

/** Marks in a copied fault which of its recordings are stored here, and since when. */
export function withRecordings(detail: JsonObject, copies: Copies, peer: string): JsonObject {
  const whole = new Map(copies.of(peer).flatMap((each) => (isWhole(each) ? [[each.id, each]] : [])));
  const find = (fields: JsonObject): Whole | undefined => whole.get(recordingIdOf(fields) ?? '');
  const evidence = fieldsOf(detail['environment_data']);
  const records = fieldsOf(evidence?.['extended_data_records']);
  if (!evidence) return detail;
  const marked = {
    ...evidence,
    ...eachOf(evidence, 'snapshots', (snapshot) => {
      const recording = find(snapshot);
      if (!recording) return snapshot;
      const about = { captured_at: recording.descriptor['creation_date'], ...fieldsOf(snapshot['x-medkit']) };
      return withCopyTime({ ...snapshot, 'x-medkit': about as JsonObject }, recording.copied);
    }),
    ...(records && {
      extended_data_records: {
        ...records,
        ...eachOf(records, 'rosbag_snapshots', (record) => ({ ...record, is_available: find(record) !== undefined })),
      },
    }),
  };
  return { ...detail, environment_data: marked };
}

/** Returns the stored recordings of a peer's faults, newest first. */
function recordingsOf(copies: Copies, peer: string, faults: readonly FaultCopy[]): readonly Whole[] {
  const linked = copies.of(peer).filter((each) => each.faults.some((link) => faultOf(link, faults)));
  const dateOf = ({ descriptor }: Whole): string => String(descriptor['creation_date']);
  return linked.filter(isWhole).sort((one, other) => (dateOf(one) < dateOf(other) ? 1 : -1));
}

function isWhole(recording: RecordingCopy): recording is Whole {
  return recording.copied !== undefined;
}

function faultOf({ holder, code }: RecordedFault, faults: readonly FaultCopy[]): FaultCopy | undefined {
  return faults.find((fault) => fault.holder === holder && fault.code === code);
}

/**
 * Returns the list entry of a recording, with the codes of these faults alone; empty if the peer no longer lists it, or
 * none of the faults.
 */
function descriptorFor(
  { faults: all, descriptor, copied }: Whole,
  faults: readonly FaultCopy[],
): readonly JsonObject[] {
  const links = all.filter((link) => faultOf(link, faults));
  if (!links.some((link) => link.isTold && faultOf(link, faults)?.isListed)) return [];
  const codes = [...new Set(links.map(({ code }) => code))].sort();
  const about = { ...fieldsOf(descriptor['x-medkit']), fault_codes: codes };
  return [withCopyTime({ ...descriptor, 'x-medkit': about }, copied)];
}

/**
 * Finds a file as its gateway does: by the recording's id, by a fault code (its newest recording), or by its own name.
 */
function fileNamed(
  copies: Copies,
  recordings: readonly Whole[],
  name: string,
  headers: ForwardRequest['headers'],
): ForwardReply | undefined {
  const recording =
    recordings.find(({ id }) => id === name) ??
    recordings.find(({ faults }) => faults.some(({ code }) => code === name));
  if (recording) {
    const [first] = recording.copied.files;
    const format = fieldsOf(recording.descriptor['x-medkit'])?.['format'];
    const extension = typeof format === 'string' ? format : 'bag';
    return first && fileReply(copies, recording, { ...first, displayName: `${recording.id}.${extension}` }, headers);
  }
  for (const each of recordings) {
    const { files } = each.copied;
    // Gateways list file names only for several files.
    const isOnlyFile = files.length === 1 && name.startsWith(`${each.id}_0.`);
    const file = files.find((part) => part.name === name) ?? (isOnlyFile ? files[0] : undefined);
    if (file) return fileReply(copies, each, { ...file, displayName: name }, headers);
  }
  return undefined;
}

function fileReply(
  copies: Copies,
  { copied, descriptor }: Whole,
  file: CopiedRecording['files'][number] & { readonly displayName: string },
  headers: ForwardRequest['headers'],
): ForwardReply {
  const { size, tag, displayName } = file;
  const sent = { name: displayName, mimetype: String(descriptor['mimetype']), size, tag };
  const { range, ...head } = fileHead(headers, sent);
  const close = (): void => undefined;
  if (head.status === 416) {
    const document = notSatisfiable(sent).body() as unknown as JsonValue;
    const type = { 'content-type': 'application/json' };
    return withDocument({ ...head, headers: { ...head.headers, ...type }, close }, document);
  }
  // HEAD requests open no file.
  const body = { [Symbol.asyncIterator]: () => copies.files.read(copied, file, range)[Symbol.asyncIterator]() };
  return { ...head, body, close };
}

/** Changes each object in a list of a document; returns an empty object if there is no such list. */
function eachOf(document: JsonObject, name: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const list = document[name];
  if (!Array.isArray(list)) return {};
  return { [name]: list.map((item: JsonValue) => (fieldsOf(item) ? change(fieldsOf(item) as JsonObject) : item)) };
}
