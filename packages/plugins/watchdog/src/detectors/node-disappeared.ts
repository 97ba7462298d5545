import { type Globs, globs } from '@medkit/core/discovery';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import type { NamedNodes } from '../names/named-nodes.ts';

/** Nodes that are remembered as gone: those of a whole robot. */
const MAX_GONE = 1000;

export interface NodeDisappearedOptions {
  readonly grace: number;
  /** Nodes that have to be there, however they left, by FQN, name or id of their app. */
  readonly required: readonly string[];
  /** Nodes whose end is nothing to speak of. */
  readonly ignore: readonly string[];
}

/**
 * Nodes whose process crashed or was cut off: their lease ran out without a goodbye. One that shut down in order is missed
 * only where it is required. A node is missed until it is back, or until somebody clears the fault.
 */
export class NodeDisappeared implements Detector {
  readonly grace: number;
  readonly #required: readonly string[];
  readonly #ignored: Globs;
  readonly #gone = new Set<string>();
  readonly #nodes: NamedNodes;

  constructor({ grace, required, ignore }: NodeDisappearedOptions, nodes: NamedNodes) {
    this.grace = grace;
    this.#required = required;
    this.#ignored = globs(ignore);
    this.#nodes = nodes;
  }

  /** A node that was up fell silent. */
  lost(fqn: string): void {
    if (!this.#ignored(fqn) && this.#gone.size < MAX_GONE) this.#gone.add(fqn);
  }

  /** Somebody cleared the fault: what is gone by now is known. */
  acknowledge(): void {
    this.#gone.clear();
  }

  findings(): readonly Finding[] {
    const found: Finding[] = [];
    const required = new Set<string>();
    for (const name of this.#required) {
      if (this.#nodes.named(name).length > 0) continue;
      required.add(name);
      found.push(finding(name, `${name} has to run and does not`));
    }
    for (const fqn of this.#gone) {
      if (this.#nodes.has(fqn)) this.#gone.delete(fqn);
      else if (!required.has(fqn)) found.push(finding(fqn, `${fqn} fell silent without a goodbye`));
    }
    return found;
  }
}

function finding(key: string, detail: string): Finding {
  return { code: 'GRAPH_NODE_DISAPPEARED', key, detail, severity: SEVERITY.error };
}
