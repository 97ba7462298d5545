import type { App } from '@medkit/core';
import type { NodeTable } from '../graph/node-table.ts';

/** Nodes by what an integrator calls them: full name, bare name (which several may have), or the id of their app. */
export class NamedNodes {
  readonly #table: NodeTable;
  #appIds: ReadonlyMap<string, string> = new Map();
  #fqns: ReadonlyMap<string, string> = new Map();
  #byName: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #generation = -1;

  constructor(table: NodeTable) {
    this.#table = table;
  }

  /** Takes the apps of the tree as they are now. */
  useApps(apps: readonly App[]): void {
    this.#appIds = new Map(apps.flatMap(({ id, node: fqn }) => (fqn === undefined ? [] : [[fqn, id]])));
    this.#fqns = new Map([...this.#appIds].map(([fqn, id]) => [id, fqn]));
    this.#generation = -1;
  }

  has(fqn: string): boolean {
    return this.#table.has(fqn);
  }

  /** The app that a node is. */
  appOf(fqn: string): string | undefined {
    return this.#appIds.get(fqn);
  }

  /** FQN of the node that an app is. */
  nodeOf(app: string): string | undefined {
    return this.#fqns.get(app);
  }

  /** FQNs of the running nodes that `name` stands for. */
  named(name: string): readonly string[] {
    if (this.#table.has(name)) return [name];
    return [...(this.#index().get(name) ?? [])];
  }

  /** Built again only after nodes or apps have changed. */
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
