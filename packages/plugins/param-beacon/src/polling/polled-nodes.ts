import type { HintClient } from '../parameters/read-hint.ts';
import { type BackOff, NO_BACK_OFF } from './back-off.ts';

/** A node that is or was recently polled. */
export interface PolledNode {
  readonly fqn: string;
  backOff: BackOff;
  /** Stays open between polls. */
  client: HintClient | undefined;
  /** When it was last in the tree, on the monotonic clock. */
  seenMs: number;
}

/** The work of a round. */
export interface Round {
  /** Nodes to poll. */
  readonly due: readonly string[];
  /** Clients of removed nodes, to be closed. */
  readonly evicted: readonly HintClient[];
}

/** The polled nodes with their state. */
export class PolledNodes {
  readonly #evictionMs: number;
  readonly #byName = new Map<string, PolledNode>();

  /** The client of a node stays open until `evictionMs` after the node was last seen. */
  constructor(evictionMs: number) {
    this.#evictionMs = evictionMs;
  }

  /** Number of nodes that did not answer the last poll. */
  get backedOff(): number {
    return [...this.#byName.values()].filter(({ backOff }) => backOff.failures > 0).length;
  }

  get(fqn: string): PolledNode | undefined {
    return this.#byName.get(fqn);
  }

  /** Starts a round with the current nodes. */
  begin(fqns: readonly string[], nowMs: number): Round {
    const present = new Set(fqns);
    const due = [...present].filter((fqn) => this.#isDue(this.#seen(fqn, nowMs)));
    const evicted: HintClient[] = [];
    for (const node of this.#byName.values()) {
      if (present.has(node.fqn)) continue;
      // If it returns, it has probably restarted, so its back-off is reset.
      node.backOff = NO_BACK_OFF;
      if (nowMs - node.seenMs < this.#evictionMs) continue;
      this.#byName.delete(node.fqn);
      if (node.client) evicted.push(node.client);
    }
    return { due, evicted };
  }

  /** Removes all nodes and returns their clients. */
  clear(): readonly HintClient[] {
    const clients = [...this.#byName.values()].flatMap(({ client }) => client ?? []);
    this.#byName.clear();
    return clients;
  }

  #seen(fqn: string, nowMs: number): PolledNode {
    const node = this.#byName.get(fqn) ?? { fqn, backOff: NO_BACK_OFF, client: undefined, seenMs: nowMs };
    node.seenMs = nowMs;
    this.#byName.set(fqn, node);
    return node;
  }

  #isDue(node: PolledNode): boolean {
    const { failures, skip } = node.backOff;
    if (skip === 0) return true;
    node.backOff = { failures, skip: skip - 1 };
    return false;
  }
}
