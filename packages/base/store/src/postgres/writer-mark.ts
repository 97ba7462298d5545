import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../errors.ts';
import type { Durability, Statement } from '../store.ts';
import type { Connection } from './connect.ts';
import { transaction } from './transaction.ts';

/** The process that writes a schema, and the number of its last write. */
export const WRITER_MARK: readonly (readonly string[])[] = [
  ['CREATE TABLE store_writer (id bigint PRIMARY KEY CHECK (id = 1), process text NOT NULL, number bigint NOT NULL)'],
];

/** Number of one write. */
export interface MarkedWrite {
  /** Stores the number, in the transaction of the write. */
  readonly statement: Statement;
  /** Notes that the write was committed. */
  committed(durability: Durability): void;
}

/**
 * Marks the writes of the only process that writes a schema, to recognise after a lost connection whether the database is
 * an older copy.
 */
export interface WriterMark {
  /**
   * Notes this process at its first connection. Throws `StoreUnavailable` at a later one if another process has written
   * since, or if the last write that was acknowledged is missing.
   */
  check(connection: Connection, path: string): Promise<void>;
  /** Notes that another process has the schema, for `reason`: it reads and writes what this one has in memory. */
  taken(reason: string): void;
  next(): MarkedWrite;
}

/** @param onOutdated called with the reason before `check` throws, and when another process has taken over */
export function writerMark(onOutdated: (reason: string) => void): WriterMark {
  const name = randomUUID();
  let [isNoted, last, acknowledged] = [false, 0, 0];
  return {
    check: async (connection, path) => {
      const { client } = connection;
      const { rows } = await client.query('SELECT process, number FROM store_writer');
      if (!isNoted) {
        await transaction(connection, 'BEGIN', () =>
          client.query(
            `INSERT INTO store_writer (id, process, number) VALUES (1, $1, 0)
             ON CONFLICT (id) DO UPDATE SET process = excluded.process, number = excluded.number`,
            [name],
          ),
        );
        isNoted = true;
        return;
      }
      const [row] = rows;
      if (row?.process === name && Number(row.number) >= acknowledged) return;
      const reason = `${path} does not have the last changes of this process, as after a failover to a server that was behind: start medkit again, so that it reads the database`;
      onOutdated(reason);
      throw new StoreUnavailable(reason);
    },
    taken: (reason) => {
      // Before the first connection, nothing is in memory.
      if (isNoted) onOutdated(`another process has taken over: ${reason}`);
    },
    next: () => {
      const number = ++last;
      return {
        statement: { sql: 'UPDATE store_writer SET number = ? WHERE id = 1', parameters: [number] },
        committed: (durability) => {
          if (durability === 'disk') acknowledged = number;
        },
      };
    },
  };
}
