import { type Globs, globs } from '@medkit/core/discovery';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import type { NamedNodes } from '../names/named-nodes.ts';

/** Maximum missing nodes: those of a whole robot. */
const MAX_GONE = 1000;

export interface NodeDisappearedOptions {
  readonly grace: number;
  /** Nodes that must exist, however they left: by FQN, name or id of their app. */
  readonly required: readonly string[];
  /** Nodes whose end is not reported. */
  readonly ignore: readonly string[];
}

/**
 * Detects nodes whose process crashed or was disconnected: their lease expired without an unregistration. A node that
 * shut down regularly is only missed if it is required. A node is missed until it returns or a user clears the fault.
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

  /** Called when a running node fell silent. */
  lost(fqn: string): void {
    if (!this.#ignored(fqn) && this.#gone.size < MAX_GONE) this.#gone.add(fqn);
  }

  /** Called when a user cleared the fault: the missing nodes are acknowledged. */
  acknowledge(): void {
    this.#gone.clear();
  }

  findings(): readonly Finding[] {
    const found: Finding[] = [];
    const required = new Set<string>();
    for (const name of this.#required) {
      if (this.#nodes.named(name).length > 0) continue;
      required.add(name);
      found.push(finding(name, `${name} is required but does not run`));
    }
    for (const fqn of this.#gone) {
      if (this.#nodes.has(fqn)) this.#gone.delete(fqn);
      else if (!required.has(fqn)) found.push(finding(fqn, `${fqn} disappeared without unregistering`));
    }
    return found;
  }
}

function finding(key: string, detail: string): Finding {
  return { code: 'GRAPH_NODE_DISAPPEARED', key, detail, severity: SEVERITY.error };
}
