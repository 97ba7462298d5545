import type { Log } from '@medkit/core';
import type { LifecycleExpectation, LifecycleReading } from '../detectors/lifecycle-expectation.ts';
import type { NodeTable } from '../graph/node-table.ts';
import type { NamedNodes } from '../names/named-nodes.ts';

export interface RequiredNodesOptions {
  /** Nodes that have to be active, by FQN, name or id of their app. */
  readonly requireActive: readonly string[];
  readonly detector: LifecycleExpectation;
  readonly nodes: NodeTable;
  readonly named: NamedNodes;
  /** Asks a managed node, and gives what is known of it. */
  readonly ask: (fqn: string, tick: number) => LifecycleReading;
  readonly log: Log;
  /** Ticks after which a node that left in good health is forgotten. */
  readonly pruneGrace: number;
}

/** Shows the detector what each required node is like at a tick: each once, however many entries stand for it. */
export class RequiredNodes {
  readonly #options: RequiredNodesOptions;
  readonly #unmatched: Set<string>;
  #full = false;

  constructor(options: RequiredNodesOptions) {
    this.#options = options;
    this.#unmatched = new Set(options.requireActive);
  }

  /** `armed`: the graph has come up, so an entry that stands for nothing is told of, once. */
  tick(tick: number, armed: boolean): void {
    const { requireActive, detector, named, log, pruneGrace } = this.#options;
    if (requireActive.length === 0) return;
    const seen = new Set(detector.tracked());
    for (const entry of requireActive) {
      const fqns = named.named(entry);
      if (fqns.length > 0) this.#unmatched.delete(entry);
      for (const fqn of fqns) seen.add(fqn);
    }
    for (const fqn of seen) {
      if (detector.observe(fqn, this.#readingOf(fqn, tick)) || this.#full) continue;
      this.#full = true;
      log('warn', `${fqn} is not looked after, nor what comes after it: tracked_node_cap is reached`);
    }
    detector.prune(pruneGrace);
    if (!armed) return;
    for (const entry of this.#unmatched) log('warn', `require_active: no node is called ${entry}`);
    this.#unmatched.clear();
  }

  #readingOf(fqn: string, tick: number): LifecycleReading {
    const { nodes, ask } = this.#options;
    if (!nodes.has(fqn)) return { kind: 'absent' };
    return nodes.isManaged(fqn) ? ask(fqn, tick) : { kind: 'not_managed' };
  }
}
