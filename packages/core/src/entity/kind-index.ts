import { aliasIndex } from './alias-index.ts';
import { changedRows } from './changed-rows.ts';
import type { Entity } from './entity.ts';

/**
 * The entities of one kind, indexed by id and by alias. The next tree's index takes over the id map and updates only
 * what differs: a new node on a robot with many nodes changes one entry.
 */
export class KindIndex<E extends Entity> {
  /** Sorted by id; ids are unique. */
  readonly all: readonly E[];
  /** Built on first use, and again after the next index has taken it over. */
  #byId: Map<string, E> | undefined;
  #resolve: ((name: string) => E | undefined) | undefined;

  constructor(all: readonly E[], before?: KindIndex<E>) {
    this.all = all;
    if (before) this.#byId = before.#handOver(all);
  }

  get(id: string): E | undefined {
    this.#byId ??= new Map(this.all.map((entity) => [entity.id, entity]));
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  resolve(name: string): E | undefined {
    this.#resolve ??= aliasIndex(this.all, (id) => this.get(id));
    return this.#resolve(name);
  }

  #handOver(all: readonly E[]): Map<string, E> | undefined {
    const byId = this.#byId;
    if (!byId) return undefined;
    this.#byId = undefined;
    const { from, endBefore, end } = changedRows(this.all, all);
    for (let at = from; at < endBefore; at++) byId.delete(this.all[at].id);
    for (let at = from; at < end; at++) byId.set(all[at].id, all[at]);
    return byId;
  }
}
