import { TooManyRows } from '../errors.ts';
import { MAX_BYTES, MAX_ROWS, tooManyRows } from '../sql/read-rows.ts';
import { type Row, type SqlValue, sizeOf } from '../sql/values.ts';
import type { BoundStatement } from './bind.ts';
import type { Connection } from './connect.ts';
import { valueParser } from './parse-value.ts';

/**
 * Time after which a connection without a reply counts as lost, milliseconds: above the time limit of the server, which
 * reports the statement that ran too long.
 */
const REPLY_TIMEOUT_MS = 45_000;

export interface QueryResult {
  readonly rows: readonly Row[];
  /** Rows that the statement inserted, updated or deleted. */
  readonly changes: number;
}

/** The message of `pg` for a query without a reply. */
const READ_TIMEOUT = 'Query read timeout';

interface ServerConnection {
  execute(portal: { readonly portal: string; readonly rows: number | undefined }): void;
  sync(): void;
  readonly stream: { destroy(): void; cork(): void; uncork(): void };
}

/** The handlers of a query of `pg`, which its types do not declare. */
interface QueryHandlers {
  handleRowDescription(message: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  /** Executes the statement; `pg` sends no Sync here for a limited number of rows, and waits for the server first. */
  _getRows(connection: ServerConnection): void;
  handlePortalSuspended(): void;
  handleError(error: Error, connection: ServerConnection): void;
  query_timeout: number;
}

/**
 * Maximum statements that the server prepares once for each connection: it stores the plan of each, about 100 KB for the
 * largest.
 */
const MAX_PREPARED = 64;

const names = new Map<string, string>();

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE']);

/**
 * Runs one statement. Throws `TooManyRows` if it has more rows than a result may hold.
 * @param isRead stops reading from the server at this number of rows
 */
export async function runQuery(
  { client, Query }: Connection,
  { text, values }: BoundStatement,
  { isRead = false }: { readonly isRead?: boolean } = {},
): Promise<QueryResult> {
  const rows: Row[] = [];
  let columns: readonly { readonly name: string; readonly parse: (text: string) => SqlValue }[] = [];
  let bytes = 0;
  let isTooLong = false;
  const { promise, resolve, reject } = Promise.withResolvers<{ command?: string; rowCount?: number | null }>();
  // A text instead of a configuration, which `pg` would copy property by property.
  const query = new Query(text, [...values], (error, result) => (error ? reject(error) : resolve(result)));
  const handlers: QueryHandlers = {
    query_timeout: REPLY_TIMEOUT_MS,
    handleRowDescription({ fields }) {
      columns = fields.map(({ name, dataTypeID }) => ({ name, parse: valueParser(dataTypeID) }));
    },
    handleDataRow({ fields }) {
      if (isTooLong) return;
      const row: Record<string, SqlValue> = {};
      for (const [index, { name, parse }] of columns.entries()) {
        const field = fields[index];
        const value = field === null ? null : parse(field);
        row[name] = value;
        bytes += sizeOf(value);
      }
      rows.push(row);
      isTooLong = rows.length > MAX_ROWS || bytes > MAX_BYTES;
    },
    _getRows(connection) {
      connection.execute({ portal: '', rows: isRead ? MAX_ROWS + 1 : undefined });
      connection.sync();
    },
    handlePortalSuspended() {
      isTooLong = true;
    },
    handleError(error, connection) {
      // The next query would receive the late reply.
      if (error.message === READ_TIMEOUT) connection.stream.destroy();
      (Query.prototype as unknown as QueryHandlers).handleError.call(
        query as unknown as QueryHandlers,
        error,
        connection,
      );
    },
  };
  sendTogether((client as unknown as { readonly connection: ServerConnection }).connection);
  client.query(Object.assign(query, { ...prepared(text), queryMode: 'extended' }, handlers));
  const { command, rowCount } = await promise;
  if (isTooLong) throw new TooManyRows(tooManyRows);
  return { rows, changes: CHANGES.has(command ?? '') ? (rowCount ?? 0) : 0 };
}

const corked = new WeakSet<ServerConnection>();

/** Sends all that is written to the server in this turn of the event loop together: each system call costs 30 µs. */
function sendTogether(connection: ServerConnection): void {
  if (corked.has(connection)) return;
  corked.add(connection);
  connection.stream.cork();
  process.nextTick(() => {
    corked.delete(connection);
    connection.stream.uncork();
  });
}

/**
 * Names a statement that changes rows, so that the server parses and plans it once: a third of the time of reading logs.
 * A statement that returns rows has no name, because it would fail after another process adds a column.
 */
function prepared(text: string): { readonly name?: string } {
  if (!/^\s*(?:INSERT|UPDATE|DELETE)\b/.test(text) || /\bRETURNING\b/.test(text)) return {};
  if (!names.has(text) && names.size < MAX_PREPARED) names.set(text, `medkit_${names.size}`);
  return { name: names.get(text) };
}
