import type { Clock, Port } from '@medkit/edges';
import { openForReading, openForWriting } from '../engine/open-database.ts';
import { Reader } from '../engine/reader.ts';
import { Writer } from '../engine/writer.ts';
import type { ThreadData } from './protocol.ts';
import { serveReader } from './serve-reader.ts';
import { serveWriter } from './serve-writer.ts';

interface Dependencies {
  readonly port: Port;
  readonly data: ThreadData;
  readonly clock: Clock;
}

/** Opens the database and serves it to the other end of `port`. Returns a function that closes it. */
export function serveStore({ port, data, clock }: Dependencies): () => void {
  const { role, options } = data;
  if (role !== 'writer') {
    return serveReader({ port, open: () => new Reader({ database: openForReading(options), options }) });
  }
  return serveWriter({
    port,
    clock,
    open: (onShortage) => {
      const { database, ...found } = openForWriting(options, clock);
      const writer = new Writer({ database, options, clock, onShortage });
      // The content of a new database is only in its log.
      writer.foldLog();
      return { writer, found };
    },
  });
}
