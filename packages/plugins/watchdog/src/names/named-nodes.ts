import type { App } from '@medkit/core';
import type { NodeTable } from '../graph/node-table.ts';

/** Finds nodes by the names in configurations: full name, bare name (which several may have), or id of their app. */
export class NamedNodes {
  readonly #table: NodeTable;
  #appIds: ReadonlyMap<string, string> = new Map();
  #fqns: ReadonlyMap<string, string> = new Map();
  #byName: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #generation = -1;

  constructor(table: NodeTable) {
    this.#table = table;
  }

  /** Applies the current apps of the tree. */
  useApps(apps: readonly App[]): void {
    this.#appIds = new Map(apps.flatMap(({ id, node: fqn }) => (fqn === undefined ? [] : [[fqn, id]])));
    this.#fqns = new Map([...this.#appIds].map(([fqn, id]) => [id, fqn]));
    this.#generation = -1;
  }

  has(fqn: string): boolean {
    return this.#table.has(fqn);
  }

  /** Returns the app of a node. */
  appOf(fqn: string): string | undefined {
    return this.#appIds.get(fqn);
  }

  /** Returns the FQN of an app's node. */
  nodeOf(app: string): string | undefined {
    return this.#fqns.get(app);
  }

  /** Returns the FQNs of the running nodes that match `name`. */
  named(name: string): readonly string[] {
    if (this.#table.has(name)) return [name];
    return [...(this.#index().get(name) ?? [])];
  }

  /** Rebuilt only after nodes or apps have changed. */
  #index(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#generation === this.#table.generation) return this.#byName;
    const byName = new Map<string, Set<string>>();
    for (const { fqn, name } of this.#table.all()) {
      for (const each of [name, this.#appIds.get(fqn)]) {
        if (each === undefined) continue;
        const fqns = byName.get(each) ?? new Set();
        byName.set(each, fqns.add(fqn));
      }
    }
    this.#byName = byName;
    this.#generation = this.#table.generation;
    return byName;
  }
}
