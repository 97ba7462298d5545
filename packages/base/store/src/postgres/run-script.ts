import { StatementFailed } from '../errors.ts';
import { CONTROL } from '../sql/prepared-statements.ts';
import type { Script } from '../sql/script.ts';
import type { Statement } from '../store.ts';
import { bind } from './bind.ts';
import type { Connection } from './connect.ts';
import { type QueryResult, runQuery } from './run-query.ts';
import { type Translated, translate } from './translate.ts';

/**
 * Maximum translated statements. The source code contains fewer; exceeding it means that a caller writes values into
 * the SQL text.
 */
const MAX_TRANSLATED = 512;

/** Further statements of PostgreSQL that only the store may run. */
const SESSION = /^\s*(?:START|ABORT|PREPARE|SET|RESET|DISCARD|LISTEN|COPY|LOCK|DO|CALL)\b/i;

const translated = new Map<string, Translated>();

/** Returns the translation of a statement of a user of the store. Throws `StatementFailed` if only the store may run it. */
export function translatedOnce(sql: string): Translated {
  const known = translated.get(sql);
  if (known) return known;
  if (CONTROL.test(sql) || SESSION.test(sql)) {
    throw new StatementFailed(`"${sql}" is reserved for the store: it would end a shared transaction`);
  }
  const result = translate(sql);
  translated.set(sql, result);
  if (translated.size > MAX_TRANSLATED) translated.delete(translated.keys().next().value as string);
  return result;
}

/** Runs one statement. */
export async function runStatement(
  connection: Connection,
  { sql, parameters }: Statement,
  { changes = 0, isRead = false }: { readonly changes?: number; readonly isRead?: boolean } = {},
): Promise<QueryResult> {
  return runQuery(connection, bind(translatedOnce(sql), parameters, changes, sql), { isRead });
}

/** Runs a script within the open transaction. */
export async function runScript<T>(connection: Connection, script: Script<T>): Promise<T> {
  let step = script.next();
  while (!step.done) step = script.next((await runStatement(connection, step.value)).rows);
  return step.value;
}
