import type { Clock, Port } from '@medkit/edges';
import { openForReading, openForWriting } from '../engine/open-database.ts';
import { Reader } from '../engine/reader.ts';
import { Writer } from '../engine/writer.ts';
import type { FromThread, ThreadData } from './protocol.ts';
import { serveReader } from './serve-reader.ts';
import { serveWriter } from './serve-writer.ts';
import { encodeError } from './wire-error.ts';

interface Dependencies {
  readonly port: Port;
  readonly data: ThreadData;
  readonly clock: Clock;
}

/** Opens the database and serves it to the other end of `port`, or says why it cannot be opened. Gives what closes it. */
export function serveStore({ port, data, clock }: Dependencies): () => void {
  const tell = (message: FromThread) => port.postMessage(message);
  const { role, options } = data;
  try {
    if (role === 'reader') {
      const reader = new Reader({ database: openForReading(options), options });
      serveReader({ port, reader });
      tell({ kind: 'opened', setAside: undefined, lostCommits: 0 });
      return () => reader.close();
    }
    const { database, setAside, lostCommits } = openForWriting(options, clock);
    const onShortage = () => tell({ kind: 'shortage' });
    const writer = new Writer({ database, options, clock, onShortage });
    // A new database is in its log alone.
    writer.foldLog();
    const stop = serveWriter({ port, writer, clock });
    tell({ kind: 'opened', setAside, lostCommits });
    if (!writer.regainReserve()) onShortage();
    return () => {
      stop();
      writer.close();
    };
  } catch (error) {
    tell({ kind: 'refused', error: encodeError(error as Error) });
    return () => undefined;
  }
}
