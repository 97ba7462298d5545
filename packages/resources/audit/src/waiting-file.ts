import type { AuditRecord, Migrations, Row, Statement, Store } from '@medkit/store';

/**
 * Tables of the file, on SQLite. `lost` counts the records for which there was no room, since the file was created, and
 * `file` identifies it.
 */
export const WAITING_TABLES: Migrations = {
  audit_waiting: [
    [
      'CREATE TABLE audit_waiting (id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT, record TEXT NOT NULL)',
      `CREATE TABLE audit_waiting_state (
         id INTEGER PRIMARY KEY CHECK (id = 1), file TEXT NOT NULL, lost INTEGER NOT NULL DEFAULT 0
       )`,
      'INSERT INTO audit_waiting_state (id, file) VALUES (1, lower(hex(randomblob(16))))',
    ],
  ],
};

/** Table of the log: what it has taken from each file, so that it takes every record exactly once across crashes. */
export const WAITING_RECEIPTS: Migrations = {
  audit_waiting_receipts: [
    [
      `CREATE TABLE audit_waiting_receipts (
         file TEXT PRIMARY KEY, last_taken INTEGER NOT NULL, lost INTEGER NOT NULL
       ) WITHOUT ROWID`,
    ],
  ],
};

/** A record in the file. */
export interface StoredRecord {
  readonly id: number;
  readonly owner: string | undefined;
  readonly record: AuditRecord;
}

/** How far the log has the content of the file: up to this record, and to this number of lost records. */
export interface Receipt {
  readonly last: number;
  readonly lost: number;
}

/** A database that opens at its first use. */
export interface WaitingDatabase {
  /** Returns whether the file exists: if not, none is created to read it. */
  exists(): Promise<boolean>;
  /** Opens a store with `WAITING_TABLES`. */
  store(): Promise<Store>;
}

/** The file of a machine with the records that wait for a log on another machine. */
export interface WaitingFile {
  /** Identifies the file in receipts. */
  name(): Promise<string>;
  /** Reads what an earlier process has left, oldest first; `undefined` if there is no file. */
  read(): Promise<{ readonly records: readonly StoredRecord[]; readonly lost: number } | undefined>;
  /** Resolves with the number of the record when it is on disk. Records are numbered in the order of the calls. */
  add(record: AuditRecord, owner: string | undefined): Promise<number>;
  /** Counts a lost record. */
  addLost(): Promise<void>;
  /** Removes the records up to this one. */
  remove(last: number): Promise<void>;
}

/** Returns the records that wait in a file. */
export function waitingFile(database: WaitingDatabase): WaitingFile {
  const write = async (sql: string, parameters: Statement['parameters'] = []) =>
    (await (await database.store()).write([{ sql, parameters }])).results[0]!.rows;
  return {
    name: async () => {
      const [row] = await (await database.store()).read('SELECT file FROM audit_waiting_state');
      return String(row?.file);
    },
    read: async () => {
      if (!(await database.exists())) return undefined;
      const store = await database.store();
      const records: StoredRecord[] = [];
      for (;;) {
        const page = await store.read(PAGE, [records.at(-1)?.id ?? 0]);
        records.push(...page.map(storedRecord));
        if (page.length < PAGE_SIZE) break;
      }
      const [state] = await store.read('SELECT lost FROM audit_waiting_state');
      return { records, lost: Number(state?.lost) };
    },
    add: async (record, owner) => {
      const [row] = await write('INSERT INTO audit_waiting (owner, record) VALUES (?, ?) RETURNING id', [
        owner ?? null,
        encodeRecord(record),
      ]);
      return Number(row?.id);
    },
    addLost: async () => void (await write('UPDATE audit_waiting_state SET lost = lost + 1')),
    remove: async (last) => void (await write('DELETE FROM audit_waiting WHERE id <= ?', [last])),
  };
}

/** Returns what a log has taken from the file with this name. */
export async function receiptIn(log: Pick<Store, 'read'>, name: string): Promise<Receipt> {
  const [row] = await log.read('SELECT last_taken, lost FROM audit_waiting_receipts WHERE file = ?', [name]);
  return { last: Number(row?.last_taken ?? 0), lost: Number(row?.lost ?? 0) };
}

/** Returns the statement that notes in the log what it takes, for the transaction with the records. */
export const receiptStatement = (name: string, { last, lost }: Receipt): Statement => ({
  sql: `INSERT INTO audit_waiting_receipts (file, last_taken, lost) VALUES (?, ?, ?)
        ON CONFLICT (file) DO UPDATE SET last_taken = excluded.last_taken, lost = excluded.lost`,
  parameters: [name, last, lost],
});

/** Records of one read: one has up to 12 KB, and a result up to 32 MiB. */
const PAGE_SIZE = 500;
const PAGE = `SELECT id, owner, record FROM audit_waiting WHERE id > ? ORDER BY id LIMIT ${PAGE_SIZE}`;

const storedRecord = ({ id, owner, record }: Row): StoredRecord => ({
  id: Number(id),
  owner: owner === null ? undefined : String(owner),
  record: decodeRecord(String(record)),
});

const encodeRecord = ({ occurredAtNs, ...rest }: AuditRecord): string =>
  JSON.stringify({ ...rest, occurredAtNs: String(occurredAtNs) });

function decodeRecord(text: string): AuditRecord {
  const { occurredAtNs, ...rest } = JSON.parse(text) as Omit<AuditRecord, 'occurredAtNs'> & { occurredAtNs: string };
  return { ...rest, occurredAtNs: BigInt(occurredAtNs) };
}
