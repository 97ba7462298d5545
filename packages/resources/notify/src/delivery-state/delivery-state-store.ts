import type { Statement } from '@medkit/store';
import type { OutboxDatabase } from '@medkit/webhooks';
import type { DeliveryState } from './delivery-state.ts';
import { deliveryStateOf, forgetStatements, type KnownIncident, knownOf } from './delivery-state-rows.ts';

/** What receivers know of one incident, by receiver name. */
export type IncidentDeliveryStates = ReadonlyMap<string, DeliveryState>;

export interface StoredDeliveryStates {
  readonly known: KnownIncident | undefined;
  readonly deliveries: IncidentDeliveryStates;
}

const NONE: StoredDeliveryStates = { known: undefined, deliveries: new Map() };

/** What receivers know, on disk. All calls reject with a `StoreError` if the store fails. */
export class DeliveryStateStore {
  readonly #database: OutboxDatabase;

  constructor(database: OutboxDatabase) {
    this.#database = database;
  }

  /**
   * Records the first start of notifications and removes old data. Returns the time of the first start, milliseconds
   * since the epoch.
   */
  async begin(nowMs: number): Promise<number> {
    const store = await this.#database.store();
    await store.write([
      {
        sql: 'INSERT INTO notify_start (since_ms) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM notify_start)',
        parameters: [Math.round(nowMs)],
      },
      ...forgetStatements(nowMs),
    ]);
    const [row] = await store.read('SELECT since_ms FROM notify_start');
    return Number(row?.since_ms ?? nowMs);
  }

  /** Returns incidents with possibly pending notifications, and the most recently updated one. */
  async known(limit: number): Promise<readonly KnownIncident[]> {
    const sql = `SELECT * FROM notify_incidents WHERE is_open = 1
                   OR id IN (SELECT incident FROM notify_standings WHERE told IN ('held', 'missed', 'open'))
                   OR id IN (SELECT id FROM notify_incidents ORDER BY updated_ms DESC LIMIT 1)
                 ORDER BY updated_ms DESC LIMIT ?`;
    return (await (await this.#database.store()).read(sql, [limit])).map(knownOf);
  }

  async of(id: string): Promise<StoredDeliveryStates> {
    if (!(await this.#database.exists())) return NONE;
    const store = await this.#database.store();
    const [[incident], rows] = await Promise.all([
      store.read('SELECT * FROM notify_incidents WHERE id = ?', [id]),
      store.read('SELECT * FROM notify_standings WHERE incident = ?', [id]),
    ]);
    return {
      known: incident && knownOf(incident),
      deliveries: new Map(rows.map((row) => [String(row.receiver), deliveryStateOf(row)] as const)),
    };
  }

  async write(statements: readonly Statement[]): Promise<void> {
    await (await this.#database.store()).write(statements);
  }
}
