import type { Reader, Writer } from '../model/api.ts';
import type { GuidPrefix } from '../model/guid.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import { describeLocal, type LocalLinks } from '../writer/local-links.ts';
import type { LocalWriter } from '../writer/local-writer.ts';

interface Owner {
  readonly isKnownTo: (participant: GuidPrefix) => boolean;
  readonly close: () => void;
}

interface WriterOwner extends Owner {
  readonly written: () => void;
}

/** Returns the public handle of a reader. */
export function publicReader(
  reader: LocalReader,
  locals: LocalLinks<LocalWriter>,
  { isKnownTo, close }: Owner,
): Reader {
  return {
    guid: reader.guid,
    qos: reader.qos,
    matched: () => [
      ...Array.from(reader.matches(), ({ writer }) => writer),
      ...locals.writersOf(reader).map(describeLocal),
    ],
    isKnownTo,
    close,
  };
}

/** Returns the public handle of a writer. */
export function publicWriter(
  writer: LocalWriter,
  locals: LocalLinks<LocalWriter>,
  { isKnownTo, close, written }: WriterOwner,
): Writer {
  return {
    guid: writer.guid,
    qos: writer.qos,
    matched: () => [...Array.from(writer.matches(), ({ reader }) => reader), ...locals.readersOf(writer)],
    write: (payload, options) => {
      const number = writer.write(payload, options);
      written();
      return number;
    },
    dispose: (keyHash) => writer.end('disposed', keyHash),
    unregister: (keyHash) => writer.end('unregistered', keyHash),
    acknowledged: (timeoutMs) => writer.acknowledged(timeoutMs),
    hasAnswered: (reader) =>
      writer.matchOf(reader)?.hasAnswered ?? locals.readersOf(writer).some(({ guid }) => guid === reader),
    hasAcknowledged: (reader, sequenceNumber) => {
      const match = writer.matchOf(reader);
      return !match?.reliable || match.acknowledged >= sequenceNumber;
    },
    isKnownTo,
    close,
  };
}
