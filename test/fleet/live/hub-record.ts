import { DatabaseSync } from 'node:sqlite';
import type { Postgres } from '../../harness/postgres.ts';

type HubRow = Readonly<Record<string, unknown>>;

/** The record of a hub, read outside of it. */
export interface HubRecord {
  rows(sql: string): readonly HubRow[];
  /** Returns SQL for the hexadecimal digits of a column, in lower case. */
  hexOf(column: string): string;
}

/** Reads the file while the hub writes it. */
export const sqliteRecord = (path: string): HubRecord => ({
  rows: (sql) => {
    using database = new DatabaseSync(path, { readOnly: true });
    return database.prepare(sql).all();
  },
  hexOf: (column) => `lower(hex(${column}))`,
});

export const postgresRecord = (server: Pick<Postgres, 'psql'>): HubRecord => ({
  rows: (sql) => {
    const list = server.psql(`SET search_path TO medkit; SELECT coalesce(json_agg(each), '[]') FROM (${sql}) AS each`);
    return JSON.parse(list.replace(/^SET\n/, ''));
  },
  hexOf: (column) => `encode(${column}, 'hex')`,
});
