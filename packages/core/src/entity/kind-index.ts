import { changedRows } from '../merge/changed-rows.ts';
import { aliasIndex } from './alias-index.ts';
import type { Entity } from './entity.ts';

/**
 * The entities of one kind, found by id and by their other names. What finds them by id goes on to the index of the next tree,
 * which alters what differs: a node that comes to a robot of many is one entry.
 */
export class KindIndex<E extends Entity> {
  /** In the order of ids, which are unique. */
  readonly all: readonly E[];
  /** Made when somebody first asks, or after it went to the next index. */
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
