import type { ForwardReply, ForwardRequest, JsonObject, JsonValue } from '@medkit/core';
import { fileHead, notSatisfiable } from '../../http/file-reply.ts';
import { withDocument } from '../forwarding/document-of.ts';
import { documentReply, type FaultCopy, objectOf, withDate } from './fault-copy.ts';
import type { RecordingCopies } from './recording-copies.ts';
import { type CopiedRecording, type RecordedFault, type RecordingCopy, recordingIdOf } from './recording-copy.ts';

const CATEGORIES = '/bulk-data';
const LIST = '/bulk-data/rosbags';
const ITEM = /^\/bulk-data\/rosbags\/([\w.-]+)$/;

type Whole = RecordingCopy & { readonly copied: CopiedRecording };
type Copies = Pick<RecordingCopies, 'all' | 'read'>;

/** What is answered about recordings for a gateway that does not answer itself; `faults` are those of whom is asked about. */
export function keptRecordingReply(
  copies: Copies,
  peer: string,
  faults: readonly FaultCopy[],
  { path, headers }: ForwardRequest,
): ForwardReply | undefined {
  if (!path.startsWith(CATEGORIES)) return undefined;
  const own = recordingsOf(copies, peer, faults);
  if (own.length === 0) return undefined;
  if (path === CATEGORIES) return documentReply({ items: ['rosbags'] });
  if (path === LIST) {
    const items = own.flatMap((recording) => descriptorFor(recording, faults));
    return documentReply({ items, 'x-medkit': { total_count: items.length, partial: true, failed_peers: [peer] } });
  }
  const [, name] = ITEM.exec(path) ?? [];
  return name === undefined ? undefined : fileNamed(copies, own, name, headers);
}

/** A fault as it was copied, with which of its recordings are here, and since when. */
export function withRecordings(detail: JsonObject, copies: Copies, peer: string): JsonObject {
  const whole = new Map(copies.all().flatMap((each) => (each.peer === peer && isWhole(each) ? [[each.id, each]] : [])));
  const find = (fields: JsonObject): Whole | undefined => whole.get(recordingIdOf(fields) ?? '');
  const evidence = objectOf(detail['environment_data']);
  const records = objectOf(evidence?.['extended_data_records']);
  if (!evidence) return detail;
  const marked = {
    ...evidence,
    ...eachOf(evidence, 'snapshots', (snapshot) => {
      const recording = find(snapshot);
      if (!recording) return snapshot;
      const about = { captured_at: recording.descriptor['creation_date'], ...objectOf(snapshot['x-medkit']) };
      return withDate({ ...snapshot, 'x-medkit': about as JsonObject }, recording.copied);
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

/** The recordings that are here of some faults of a gateway, the newest first. */
function recordingsOf(copies: Copies, peer: string, faults: readonly FaultCopy[]): readonly Whole[] {
  const own = copies.all().filter((each) => each.peer === peer && linksTo(each, faults).length > 0);
  const dateOf = ({ descriptor }: Whole): string => String(descriptor['creation_date']);
  return own.filter(isWhole).sort((one, other) => (dateOf(one) < dateOf(other) ? 1 : -1));
}

function isWhole(recording: RecordingCopy): recording is Whole {
  return recording.copied !== undefined;
}

function linksTo({ faults: own }: RecordingCopy, faults: readonly FaultCopy[]): readonly RecordedFault[] {
  return own.filter((link) => faults.some(({ holder, code }) => link.holder === holder && link.code === code));
}

/** As a list shows it, with the codes of these faults alone; none where its gateway has it no more, or none of them. */
function descriptorFor(recording: Whole, faults: readonly FaultCopy[]): readonly JsonObject[] {
  const links = linksTo(recording, faults);
  const listed = linksTo(
    recording,
    faults.filter(({ isListed }) => isListed),
  );
  if (!listed.some(({ isTold }) => isTold)) return [];
  const codes = [...new Set(links.map(({ code }) => code))].sort();
  const { descriptor, copied } = recording;
  const about = { ...objectOf(descriptor['x-medkit']), fault_codes: codes };
  return [withDate({ ...descriptor, 'x-medkit': about }, copied)];
}

/** A file by the name of its recording, by a fault's code (its newest recording), or by its own name, as its gateway finds it. */
function fileNamed(
  copies: Copies,
  own: readonly Whole[],
  name: string,
  headers: ForwardRequest['headers'],
): ForwardReply | undefined {
  const recording =
    own.find(({ id }) => id === name) ?? own.find(({ faults }) => faults.some(({ code }) => code === name));
  if (recording) {
    const [first] = recording.copied.files;
    const format = objectOf(recording.descriptor['x-medkit'])?.['format'];
    const extension = typeof format === 'string' ? format : 'bag';
    return first && fileReply(copies, recording, { ...first, shownAs: `${recording.id}.${extension}` }, headers);
  }
  for (const each of own) {
    const file = each.copied.files.find((part) => part.name === name) ?? soleFile(each, name);
    if (file) return fileReply(copies, each, { ...file, shownAs: name }, headers);
  }
  return undefined;
}

/** The file of a recording that has no other by its own name: its gateway tells only names of several. */
function soleFile({ id, copied: { files } }: Whole, name: string): CopiedRecording['files'][number] | undefined {
  return files.length === 1 && name.startsWith(`${id}_0.`) ? files[0] : undefined;
}

function fileReply(
  copies: Copies,
  { copied, descriptor }: Whole,
  file: CopiedRecording['files'][number] & { readonly shownAs: string },
  headers: ForwardRequest['headers'],
): ForwardReply {
  const { size, tag, shownAs } = file;
  const sent = { name: shownAs, mimetype: String(descriptor['mimetype']), size, tag };
  const { range, ...head } = fileHead(headers, sent);
  const close = (): void => undefined;
  if (head.status === 416) {
    const document = notSatisfiable(sent).body() as unknown as JsonValue;
    const type = { 'content-type': 'application/json' };
    return withDocument({ ...head, headers: { ...head.headers, ...type }, close }, document);
  }
  // Nothing is opened for who asks only what there is.
  const body = { [Symbol.asyncIterator]: () => copies.read(copied, file, range)[Symbol.asyncIterator]() };
  return { ...head, body, close };
}

/** The objects of a list of a document, each as it is to be; nothing where there is no such list. */
function eachOf(document: JsonObject, name: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const list = document[name];
  if (!Array.isArray(list)) return {};
  return { [name]: list.map((item: JsonValue) => (objectOf(item) ? change(objectOf(item) as JsonObject) : item)) };
}
