import { errorMessage, type Log } from '@medkit/core';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import { stored } from '../../database/store-errors.ts';

export interface PeerApprovalRecord {
  readonly name: string;
  readonly url: string;
  readonly approvedMs: number;
  /** The principal who approved it. */
  readonly principal: string;
}

/** Stores approvals. All methods except `load` throw `service-unavailable` if the store fails. */
export interface ApprovalStorage {
  /** Returns addresses by name; empty, with a log entry, if they cannot be read. */
  load(): Promise<Map<string, string>>;
  put(record: PeerApprovalRecord): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Stores approvals in the gateway's database. */
export function approvalStorage(database: GatewayDatabase, log: Log): ApprovalStorage {
  const write = (sql: string, parameters: readonly (string | number)[]): Promise<void> =>
    stored(async () => {
      await (await database.store()).write([{ sql, parameters }]);
    });
  return {
    load: async () => {
      try {
        if (!(await database.exists())) return new Map();
        const rows = await (await database.store()).read('SELECT name, url FROM peer_approvals ORDER BY name');
        return new Map(rows.map(({ name, url }) => [String(name), String(url)]));
      } catch (error) {
        log('error', `Cannot read the approved gateways, so all gateways wait for approval: ${errorMessage(error)}`);
        return new Map();
      }
    },
    put: ({ name, url, approvedMs, principal }) =>
      write(
        `INSERT INTO peer_approvals (name, url, approved_ms, principal) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET url = excluded.url, approved_ms = excluded.approved_ms,
           principal = excluded.principal`,
        [name, url, Math.round(approvedMs), principal],
      ),
    remove: (name) => write('DELETE FROM peer_approvals WHERE name = ?', [name]),
  };
}
