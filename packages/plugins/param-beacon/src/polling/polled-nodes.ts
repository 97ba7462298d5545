import type { HintClient } from '../parameters/read-hint.ts';
import { type BackOff, NO_BACK_OFF } from './back-off.ts';

/** A node that is polled, or was until lately. */
export interface PolledNode {
  readonly fqn: string;
  backOff: BackOff;
  /** Kept from poll to poll. */
  client: HintClient | undefined;
  /** When it was in the tree last, on the monotonic clock. */
  seenMs: number;
}

/** What there is to do in a round. */
export interface Round {
  /** Nodes that are to be asked. */
  readonly due: readonly string[];
  /** Clients of nodes that are gone for good, to be closed. */
  readonly evicted: readonly HintClient[];
}

/** The nodes that are polled, with what is kept of each from round to round. */
export class PolledNodes {
  readonly #evictionMs: number;
  readonly #byName = new Map<string, PolledNode>();

  /** The client of a node is kept for `evictionMs` after the node was seen last. */
  constructor(evictionMs: number) {
    this.#evictionMs = evictionMs;
  }

  /** Nodes that did not answer when they were asked last. */
  get backedOff(): number {
    return [...this.#byName.values()].filter(({ backOff }) => backOff.failures > 0).length;
  }

  get(fqn: string): PolledNode | undefined {
    return this.#byName.get(fqn);
  }

  /** Begins a round with the nodes that there are now. */
  begin(fqns: readonly string[], nowMs: number): Round {
    const present = new Set(fqns);
    const due = [...present].filter((fqn) => this.#isDue(this.#seen(fqn, nowMs)));
    const evicted: HintClient[] = [];
    for (const node of this.#byName.values()) {
      if (present.has(node.fqn)) continue;
      // Where it comes back it was started anew in all likelihood, and has a fresh start here.
      node.backOff = NO_BACK_OFF;
      if (nowMs - node.seenMs < this.#evictionMs) continue;
      this.#byName.delete(node.fqn);
      if (node.client) evicted.push(node.client);
    }
    return { due, evicted };
  }

  /** Gives all clients, and forgets every node. */
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
