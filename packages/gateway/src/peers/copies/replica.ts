import { fieldsOf, type JsonObject } from '@medkit/core';
import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import type { Row, SqlValue, Statement, Store } from '@medkit/store';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import { type EvictionRule, type StorageEntry, selectEvictions } from './eviction.ts';

export interface ReplicaOptions {
  readonly database: GatewayDatabase;
  /** Maximum bytes of all copies. */
  readonly maxBytes: number;
}

/** What differs between the kinds of copies. */
export interface ReplicaKind<Key> {
  readonly table: string;
  /** Key columns. A key has fields with the same names. */
  readonly keys: readonly (keyof Key & string)[];
  /** Columns that are read at the start, and the column that orders the copies. */
  readonly columns: string;
  readonly orderBy: string;
  readonly maxItems: number;
  readonly rule: EvictionRule;
}

/**
 * Copies of one kind of item of all peers: in memory and as rows of a table, within a limit for all. If space is short,
 * the rule of the kind selects what is removed. Errors of the store are thrown unchanged, and leave the copies unchanged.
 */
export abstract class Replica<Key extends { readonly peer: string }, Item extends Key> {
  readonly #kind: ReplicaKind<Key>;
  readonly #options: ReplicaOptions;
  readonly #items: OwnedMap<string, Item>;
  #bytes = 0;

  constructor(options: ReplicaOptions, kind: ReplicaKind<Key>) {
    this.#kind = kind;
    this.#options = options;
    this.#items = new OwnedMap(kind.maxItems, ({ peer }) => peer);
  }

  protected abstract fromRow(row: Row): Item | Promise<Item>;

  /** Returns the stored bytes of a copy, its importance and its age. */
  protected abstract usageOf(item: Item): Omit<StorageEntry, 'peer'>;

  /** Reads the copies of an earlier run. */
  async load(): Promise<this> {
    const { table, columns, orderBy } = this.#kind;
    if (!(await this.#options.database.exists())) return this;
    const rows = await (await this.#store()).read(`SELECT ${columns} FROM ${table} ORDER BY ${orderBy}`);
    for (const row of rows) {
      const item = await this.fromRow(row);
      this.#apply(this.nameOf(item), item);
    }
    return this;
  }

  /** Returns all copies, oldest first. */
  all(): readonly Item[] {
    return [...this.#items.values()];
  }

  /** Returns the copies of one peer, oldest first. */
  of(peer: string): readonly Item[] {
    return this.#items.valuesOf(peer);
  }

  find(key: Key): Item | undefined {
    return this.#items.get(this.nameOf(key));
  }

  count(): number {
    return this.#items.size;
  }

  /** Returns the stored bytes of all copies. */
  bytes(): number {
    return this.#bytes;
  }

  /** Returns the counts by peer. */
  figures(): QuotaFigures {
    return this.#items.figures();
  }

  /**
   * Returns the copies to remove for a new state of a copy with this many bytes; `undefined` if only more important
   * ones are left. A copy without bytes displaces none because of its size.
   */
  evictionsFor(item: Item, bytes: number): readonly Item[] | undefined {
    const known = this.find(item);
    const total = this.#bytes - (known ? this.usageOf(known).bytes : 0) + bytes;
    const excess = {
      bytes: bytes > 0 ? total - this.#options.maxBytes : 0,
      count: known ? 0 : this.#items.size + 1 - this.#kind.maxItems,
    };
    if (excess.bytes <= 0 && excess.count <= 0) return [];
    const held = this.all().map((each) => ({ ...this.usageOf(each), peer: each.peer, item: each }));
    const added = { rank: this.usageOf(item).rank, replaces: held.find((each) => each.item === known) };
    return selectEvictions(held, added, excess, this.#kind.rule)?.map((each) => each.item);
  }

  /** Removes copies; returns those that existed. */
  async remove(keys: readonly Key[]): Promise<readonly Item[]> {
    const removed = keys.flatMap((key) => this.find(key) ?? []);
    await this.#change(removed, [], []);
    return removed;
  }

  /** Returns the text that identifies a copy. */
  nameOf(key: Key): string {
    return this.#valuesOf(key).join(' ');
  }

  /**
   * Stores a copy instead of the previous one, with these columns besides its key. Returns the copies that were removed
   * for it; `undefined` if only more important ones are left, and nothing is stored.
   */
  protected async store(item: Item, columns: Row): Promise<readonly Item[] | undefined> {
    const evicted = this.evictionsFor(item, this.usageOf(item).bytes);
    const names = [...this.#kind.keys, ...Object.keys(columns)];
    const places = names.map(() => '?').join(', ');
    const changes = Object.keys(columns).map((name) => `${name} = excluded.${name}`);
    const sql = `INSERT INTO ${this.#kind.table} (${names.join(', ')}) VALUES (${places})
      ON CONFLICT (${this.#kind.keys.join(', ')}) DO UPDATE SET ${changes.join(', ')}`;
    const parameters = [...this.#valuesOf(item), ...Object.values(columns)];
    if (evicted) await this.#change(evicted, [item], [{ sql, parameters }]);
    return evicted;
  }

  /** Replaces copies by new states of the same size, which differ in one column. Ignores copies that were removed. */
  protected async update(items: readonly Item[], column: string, value: SqlValue): Promise<void> {
    const changed = items.filter((item) => this.find(item));
    const head = `UPDATE ${this.#kind.table} SET ${column} = ?`;
    const updates = changed.map((item) => this.#where(head, item, [value]));
    await this.#change([], changed, updates);
  }

  /** Reads a column that is not in memory; returns `undefined` if the copy was removed in the meantime. */
  protected async readColumn(key: Key, column: string): Promise<SqlValue | undefined> {
    const { sql, parameters } = this.#where(`SELECT ${column} FROM ${this.#kind.table}`, key);
    const [row] = await (await this.#store()).read(sql, parameters);
    return row?.[column];
  }

  /** Changes the copies in memory before the write, so that concurrent changes see it; reverts this if it fails. */
  async #change(removed: readonly Item[], set: readonly Item[], writes: readonly Statement[]): Promise<void> {
    const removals = removed.map((item) => this.#where(`DELETE FROM ${this.#kind.table}`, item));
    if (removals.length + writes.length === 0) return;
    const before = [...removed, ...set].map((item) => {
      const [name, now] = [this.nameOf(item), removed.includes(item) ? undefined : item];
      return { name, now, previous: this.#apply(name, now) };
    });
    try {
      await (await this.#store()).write([...removals, ...writes], {}, 'system');
    } catch (error) {
      // A copy that was changed again in the meantime stays.
      for (const { name, now, previous } of before) if (this.#items.get(name) === now) this.#apply(name, previous);
      throw error;
    }
  }

  /** Sets or deletes a copy in memory; returns the previous one. A copy with another time becomes the newest one. */
  #apply(name: string, item: Item | undefined): Item | undefined {
    const previous = this.#items.get(name);
    const [before, after] = [previous, item].map((each) => each && this.usageOf(each));
    this.#bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
    if (before?.sinceMs !== after?.sinceMs) this.#items.delete(name);
    if (item) this.#items.set(name, item);
    return previous;
  }

  #store(): Promise<Store> {
    return this.#options.database.store();
  }

  #where(head: string, key: Key, values: readonly SqlValue[] = []): Statement {
    const conditions = this.#kind.keys.map((name) => `${name} = ?`);
    return { sql: `${head} WHERE ${conditions.join(' AND ')}`, parameters: [...values, ...this.#valuesOf(key)] };
  }

  #valuesOf(key: Key): readonly string[] {
    return this.#kind.keys.map((name) => String(key[name]));
  }
}

/** Adds the time of a copy to a document. */
export function withCopyTime(document: JsonObject, { asOfMs }: { readonly asOfMs: number }): JsonObject {
  const about = { ...fieldsOf(document['x-medkit']), as_of: new Date(asOfMs).toISOString() };
  return { ...document, 'x-medkit': about };
}
