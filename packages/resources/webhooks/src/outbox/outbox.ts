import type { Row, SqlValue, Store } from '@medkit/store';
import { RECEIVER_SCHEME } from '../target/receiver-url.ts';
import type { Webhook } from '../webhook.ts';
import {
  type DeliveryRow,
  deliveryOf,
  type Message,
  WAITING_COLUMNS,
  type WaitingRow,
  waitingOf,
  webhookOf,
} from './outbox-rows.ts';
import { type Settlement, settlementStatements } from './settlement.ts';

/** The database with the webhook tables, opened on demand. */
export interface OutboxDatabase {
  /** Whether the database was ever written to. */
  exists(): Promise<boolean>;
  store(): Promise<Store>;
}

/** Selects deliveries; an absent member matches all. */
export interface DeliveryFilter {
  readonly id?: number;
  readonly targetId?: number;
  readonly source?: string;
}

export interface DeliveryPage extends DeliveryFilter {
  readonly status?: 'queued' | 'retrying' | 'dead';
  /** Starts after the delivery with this number. */
  readonly after: number;
  readonly limit: number;
}

const STATUS = {
  queued: 'dead_ms IS NULL AND attempts = 0',
  retrying: 'dead_ms IS NULL AND attempts > 0',
  dead: 'dead_ms IS NOT NULL',
} as const;

const CHOSEN =
  '(:id IS NULL OR d.id = :id) AND (:target IS NULL OR target_id = :target) AND (:source IS NULL OR source = :source)';
const LISTED =
  'd.id, target_id, message_id, source, type, time_ms, octet_length(body) AS octets, attempts, waited_ms, last_error, dead_ms, url';
const OF_RECEIVERS = `target_id IN (SELECT id FROM webhook_targets WHERE substr(url, 1, ${RECEIVER_SCHEME.length}) = '${RECEIVER_SCHEME}')`;
const ORDERED = 'FROM webhook_deliveries AS d JOIN webhook_targets AS t ON t.id = target_id';

/** Deliveries on disk. All calls reject with a `StoreError` if the store fails. */
export class Outbox {
  readonly #database: OutboxDatabase;
  readonly #isWanted: string;

  /** @param onlyReceivers ignores deliveries to other targets */
  constructor(database: OutboxDatabase, onlyReceivers = false) {
    this.#database = database;
    this.#isWanted = onlyReceivers ? OF_RECEIVERS : 'true';
  }

  /** Returns false as long as nothing was ever written. The check creates no file. */
  exists(): Promise<boolean> {
    return this.#database.exists();
  }

  /** Returns waiting deliveries after number `id`, oldest first. */
  async waitingAfter(id: number, limit: number): Promise<readonly WaitingRow[]> {
    const sql = `SELECT ${WAITING_COLUMNS} FROM webhook_deliveries
                 WHERE id > ? AND dead_ms IS NULL AND ${this.#isWanted} ORDER BY id LIMIT ?`;
    return (await this.#read(sql, [id, limit])).map(waitingOf);
  }

  async webhook(targetId: number): Promise<Webhook | undefined> {
    const [row] = await this.#read('SELECT url, secret, headers FROM webhook_targets WHERE id = ?', [targetId]);
    return row && webhookOf(row);
  }

  /** Returns messages by number, without those of removed deliveries. */
  async messages(ids: readonly number[]): Promise<ReadonlyMap<number, Message>> {
    const sql =
      'SELECT id, message_id, body FROM webhook_deliveries WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND dead_ms IS NULL';
    const rows = await this.#read(sql, [JSON.stringify(ids)]);
    return new Map(
      rows.map((row) => [Number(row.id), { messageId: String(row.message_id), body: String(row.body) }] as const),
    );
  }

  /** Writes the outcome of deliveries. Returns the number of new dead letters and of removed ones. */
  async settle(settlement: Settlement): Promise<{ readonly died: number; readonly removed: number }> {
    const { results } = await (await this.#database.store()).write(settlementStatements(settlement));
    const [, , died, removed] = results.map(({ changes }) => changes);
    return { died: died ?? 0, removed: removed ?? 0 };
  }

  /** Adds to the waiting time of all deliveries up to number `id`. */
  async addWaited(ms: number, id: number): Promise<void> {
    const sql = 'UPDATE webhook_deliveries SET waited_ms = waited_ms + ? WHERE dead_ms IS NULL AND id <= ?';
    await this.#write(sql, [Math.round(ms), id]);
  }

  /** Makes dead letters wait as if they were new. Returns them, oldest first. */
  async revive(filter: DeliveryFilter): Promise<readonly WaitingRow[]> {
    const sql = `UPDATE webhook_deliveries AS d SET dead_ms = NULL, attempts = 0, waited_ms = 0, last_error = NULL
                 WHERE dead_ms IS NOT NULL AND ${CHOSEN} RETURNING ${WAITING_COLUMNS}`;
    const { rows } = await this.#write(sql, chosen(filter));
    return rows.map(waitingOf).sort((a, b) => a.id - b.id);
  }

  /** Removes a delivery in any state. Returns its target and state, or `undefined` if it does not exist. */
  async remove(id: number): Promise<{ readonly targetId: number; readonly wasDead: boolean } | undefined> {
    const sql = 'DELETE FROM webhook_deliveries WHERE id = ? RETURNING target_id, dead_ms';
    const [row] = (await this.#write(sql, [id])).rows;
    return row && { targetId: Number(row.target_id), wasDead: row.dead_ms !== null };
  }

  /** Removes targets without deliveries, except the given ones. */
  async removeIdleTargets(except: readonly number[]): Promise<void> {
    const sql = `DELETE FROM webhook_targets WHERE id NOT IN (SELECT target_id FROM webhook_deliveries)
                 AND id NOT IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`;
    await this.#write(sql, [JSON.stringify(except)]);
  }

  /** Number of dead letters by target. */
  async deadByTarget(): Promise<ReadonlyMap<number, { readonly url: string; readonly dead: number }>> {
    const sql = `SELECT target_id, url, count(*) AS dead ${ORDERED} WHERE dead_ms IS NOT NULL GROUP BY target_id, url LIMIT 10000`;
    const rows = await this.#read(sql, []);
    return new Map(
      rows.map((row) => [Number(row.target_id), { url: String(row.url), dead: Number(row.dead) }] as const),
    );
  }

  /** Lists deliveries, oldest first. */
  async list({ after, limit, status, ...filter }: DeliveryPage): Promise<readonly DeliveryRow[]> {
    const sql = `SELECT ${LISTED} ${ORDERED}
                 WHERE d.id > :after AND ${status ? STATUS[status] : 'true'} AND ${CHOSEN} ORDER BY d.id LIMIT :limit`;
    return (await this.#read(sql, { ...chosen(filter), after, limit })).map(deliveryOf);
  }

  /** Returns a delivery with its message. */
  async find(id: number): Promise<(DeliveryRow & Pick<Message, 'body'>) | undefined> {
    const [row] = await this.#read(`SELECT ${LISTED}, body ${ORDERED} WHERE d.id = ?`, [id]);
    return row && { ...deliveryOf(row), body: String(row.body) };
  }

  async #read(
    sql: string,
    parameters: readonly SqlValue[] | Readonly<Record<string, SqlValue>>,
  ): Promise<readonly Row[]> {
    if (!(await this.#database.exists())) return [];
    return (await this.#database.store()).read(sql, parameters);
  }

  async #write(sql: string, parameters: readonly SqlValue[] | Readonly<Record<string, SqlValue>>) {
    const [result] = (await (await this.#database.store()).write([{ sql, parameters }])).results;
    return result!;
  }
}

function chosen({ id, targetId, source }: DeliveryFilter): Readonly<Record<string, SqlValue>> {
  return { id: id ?? null, target: targetId ?? null, source: source ?? null };
}
