import { DETECTORS, type Finding } from './findings/finding.ts';
import type { WarmUp } from './findings/warm-up.ts';
import type { NodeTable } from './graph/node-table.ts';
import type { NamedNodes } from './names/named-nodes.ts';
import type { StateReader } from './observe/state-reader.ts';

export interface RaiseGateParts {
  readonly warmUp: WarmUp;
  readonly named: NamedNodes;
  readonly nodes: NodeTable;
  readonly states: StateReader;
}

const ABOUT_LIFECYCLE: ReadonlySet<string> = new Set(DETECTORS.lifecycle_expectation);

/**
 * Decides whether a fault of a node may be raised: the node has started and, if managed, is active. For a node without
 * an app, or an unknown node, the whole graph must have started.
 */
export class RaiseGate {
  readonly #parts: RaiseGateParts;

  constructor(parts: RaiseGateParts) {
    this.#parts = parts;
  }

  isOpenFor({ node, code }: Pick<Finding, 'node' | 'code'>): boolean {
    const { warmUp, nodes, states } = this.#parts;
    if (node === undefined) return warmUp.globallyArmed;
    if (!this.hasComeUp(node)) return false;
    if (ABOUT_LIFECYCLE.has(code) || !nodes.isManaged(node)) return true;
    return states.reading(node).kind !== 'unread' && this.isActive(node);
  }

  /** Called for each finding, raised or not: a node's state is only requested if it matters. */
  askFor({ node, code }: Pick<Finding, 'node' | 'code'>, tick: number): void {
    const { nodes, states } = this.#parts;
    if (node !== undefined && !ABOUT_LIFECYCLE.has(code) && nodes.isManaged(node)) states.ask(node, tick);
  }

  hasComeUp(fqn: string): boolean {
    const { warmUp, named } = this.#parts;
    const app = named.appOf(fqn);
    return (app === undefined ? undefined : warmUp.armed(app)) ?? warmUp.globallyArmed;
  }

  /** Returns `false` if the node is known to be in another state. */
  isActive(fqn: string): boolean {
    const label = this.#parts.states.known(fqn);
    return label === undefined || label === 'active' || !this.#parts.nodes.isManaged(fqn);
  }
}
