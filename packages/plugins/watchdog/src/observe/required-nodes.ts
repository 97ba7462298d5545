import type { Log } from '@medkit/core';
import type { LifecycleExpectation, LifecycleReading } from '../detectors/lifecycle-expectation.ts';
import type { NodeTable } from '../graph/node-table.ts';
import type { NamedNodes } from '../names/named-nodes.ts';

export interface RequiredNodesOptions {
  /** Nodes that must be active, by FQN, name or id of their app. */
  readonly requireActive: readonly string[];
  readonly detector: LifecycleExpectation;
  readonly nodes: NodeTable;
  readonly named: NamedNodes;
  /** Requests the state of a managed node and returns the last known one. */
  readonly ask: (fqn: string, tick: number) => LifecycleReading;
  readonly log: Log;
  /** Ticks after which a healthy node that left is removed. */
  readonly pruneGrace: number;
}

/** Passes the state of each required node to the detector at a tick, once per node, however many entries match it. */
export class RequiredNodes {
  readonly #options: RequiredNodesOptions;
  readonly #unmatched: Set<string>;
  #full = false;

  constructor(options: RequiredNodesOptions) {
    this.#options = options;
    this.#unmatched = new Set(options.requireActive);
  }

  /** `armed`: the graph has started, so an entry without a matching node is logged once. */
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
      log('warn', `${fqn} and further nodes are not tracked: tracked_node_cap is reached`);
    }
    detector.prune(pruneGrace);
    if (!armed) return;
    for (const entry of this.#unmatched) log('warn', `require_active: no node has the name ${entry}`);
    this.#unmatched.clear();
  }

  #readingOf(fqn: string, tick: number): LifecycleReading {
    const { nodes, ask } = this.#options;
    if (!nodes.has(fqn)) return { kind: 'absent' };
    return nodes.isManaged(fqn) ? ask(fqn, tick) : { kind: 'not_managed' };
  }
}
