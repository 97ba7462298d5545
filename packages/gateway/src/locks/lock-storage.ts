import { ENTITY_KINDS, type Log } from '@medkit/core';
import type { Lock, LockStorage } from '@medkit/locks';
import type { Row, Statement } from '@medkit/store';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';

/** Stores locks in the gateway's database. */
export function lockStorage(database: GatewayDatabase, log: Log): LockStorage {
  return {
    load: () =>
      stored(async () => {
        if (!(await database.exists())) return { locks: [], lastNumber: 0 };
        const store = await database.store();
        const [last] = await store.read('SELECT last FROM lock_numbers');
        const rows = await store.read('SELECT * FROM locks ORDER BY number');
        const locks = rows.flatMap((row) => {
          const lock = lockOf(row);
          if (!lock) log('error', `Lock ${row.number} on disk is damaged and is skipped`);
          return lock ?? [];
        });
        return { locks, lastNumber: Number(last?.last ?? 0) };
      }),
    write: ({ put = [], remove = [] }) =>
      stored(async () => {
        await (await database.store()).write([
          ...remove.map(removal),
          ...put.flatMap((lock) => [replacement(lock), lastNumber(lock)]),
        ]);
      }),
  };
}

function lastNumber({ number }: Lock): Statement {
  return {
    sql: `INSERT INTO lock_numbers (only_row, last) VALUES (1, ?)
          ON CONFLICT (only_row) DO UPDATE SET last = max(lock_numbers.last, excluded.last)`,
    parameters: [number],
  };
}

function removal(number: number): Statement {
  return { sql: 'DELETE FROM locks WHERE number = ?', parameters: [number] };
}

function replacement(lock: Lock): Statement {
  const { number, entity, clientId, principal, scopes, breakable, seconds, acquiredMs, expiresMs } = lock;
  return {
    sql: `INSERT INTO locks (number, kind, entity_id, client_id, scopes, breakable, seconds, expires_ms, acquired_ms,
            principal)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (number) DO UPDATE SET kind = excluded.kind, entity_id = excluded.entity_id,
            client_id = excluded.client_id, scopes = excluded.scopes, breakable = excluded.breakable,
            seconds = excluded.seconds, expires_ms = excluded.expires_ms, acquired_ms = excluded.acquired_ms,
            principal = excluded.principal`,
    parameters: [
      number,
      entity.kind,
      entity.id,
      clientId,
      scopes.join(','),
      Number(breakable),
      seconds,
      Math.round(expiresMs),
      acquiredMs === undefined ? null : Math.round(acquiredMs),
      principal ?? null,
    ],
  };
}

function lockOf(row: Row): Lock | undefined {
  const kind = ENTITY_KINDS.find((known) => known === row.kind);
  const [number, seconds, expiresMs] = [row.number, row.seconds, row.expires_ms].map(Number) as [
    number,
    number,
    number,
  ];
  if (!kind || ![number, seconds, expiresMs].every(Number.isSafeInteger)) return undefined;
  return {
    number,
    entity: { kind, id: String(row.entity_id) },
    clientId: String(row.client_id),
    ...(typeof row.principal === 'string' && { principal: row.principal }),
    scopes: String(row.scopes).split(',').filter(Boolean),
    breakable: row.breakable === 1,
    seconds,
    acquiredMs: typeof row.acquired_ms === 'number' ? row.acquired_ms : undefined,
    expiresMs,
  };
}
