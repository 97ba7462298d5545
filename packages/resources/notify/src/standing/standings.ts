import type { Statement } from '@medkit/store';
import type { OutboxDatabase } from '@medkit/webhooks';
import type { Standing } from './standing.ts';
import { forgetStatements, type KnownIncident, knownOf, standingOf } from './standing-rows.ts';

/** What receivers know of one incident, by receiver name. */
export type IncidentStandings = ReadonlyMap<string, Standing>;

export interface KeptStandings {
  readonly known: KnownIncident | undefined;
  readonly standings: IncidentStandings;
}

const NONE: KeptStandings = { known: undefined, standings: new Map() };

/** What receivers know, on disk. All calls reject with a `StoreError` if the store fails. */
export class Standings {
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

  async of(id: string): Promise<KeptStandings> {
    if (!(await this.#database.exists())) return NONE;
    const store = await this.#database.store();
    const [[incident], rows] = await Promise.all([
      store.read('SELECT * FROM notify_incidents WHERE id = ?', [id]),
      store.read('SELECT * FROM notify_standings WHERE incident = ?', [id]),
    ]);
    return {
      known: incident && knownOf(incident),
      standings: new Map(rows.map((row) => [String(row.receiver), standingOf(row)] as const)),
    };
  }

  async write(statements: readonly Statement[]): Promise<void> {
    await (await this.#database.store()).write(statements);
  }
}
