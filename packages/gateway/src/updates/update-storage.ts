import { type GenericError, UPDATE_PHASES, UPDATE_STATUSES } from '@medkit/contract';
import { type JsonValue, type Log, parseJson, stringifyJson } from '@medkit/core';
import type { Row } from '@medkit/store';
import type { UpdateState, UpdateStorage } from '@medkit/updates';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';

/** Stores the state of updates in the gateway's database. */
export function updateStorage(database: GatewayDatabase, log: Log): UpdateStorage {
  const write = (sql: string, parameters: readonly (string | null)[]): Promise<void> =>
    stored(async () => {
      await (await database.store()).write([{ sql, parameters }]);
    });
  return {
    load: () =>
      stored(async () => {
        if (!(await database.exists())) return new Map();
        const rows = await (await database.store()).read('SELECT * FROM updates');
        const states = rows.flatMap((row) => {
          const state = stateOf(row);
          if (!state)
            log('error', `The state of update ${row['id']} is damaged on disk: it is treated as not prepared`);
          return state ? [[String(row['id']), state] as const] : [];
        });
        return new Map(states);
      }),
    put: (updateId, { phase, status, error }) =>
      write(
        `INSERT INTO updates (id, phase, status, error) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, status = excluded.status, error = excluded.error`,
        [updateId, phase, status, error ? stringifyJson(error as JsonValue) : null],
      ),
    remove: (updateId) => write('DELETE FROM updates WHERE id = ?', [updateId]),
  };
}

function stateOf(row: Row): UpdateState | undefined {
  const phase = UPDATE_PHASES.find((known) => known === row['phase']);
  const status = UPDATE_STATUSES.find((known) => known === row['status']);
  if (!phase || !status) return undefined;
  const error = row['error'] === null ? undefined : errorIn(String(row['error']));
  return { phase, status, ...(error && { error }) };
}

/** Parses a stored error; wraps any other text in an internal error. */
function errorIn(text: string): GenericError | undefined {
  try {
    return parseJson(text) as unknown as GenericError;
  } catch {
    return { error_code: 'internal-error', message: text };
  }
}
