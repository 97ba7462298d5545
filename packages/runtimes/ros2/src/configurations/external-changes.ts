import type { ExternalConfigurationChange } from '@medkit/core';
import type { Clock, QuotaFigures } from '@medkit/edges';
import {
  type LocalNode,
  onParameterEvent,
  type Parameter,
  type ParameterEvent,
  type ParameterSetResult,
  type ParameterValue,
  type RosNode,
  type Subscription,
} from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import { ChangeBursts } from './change-bursts.ts';
import { GatewayWrites } from './gateway-writes.ts';
import { KnownValues } from './known-values.ts';
import { parameterText } from './parameter-text.ts';

/** Maximum characters of a parameter name; longer names are truncated. */
const MAX_NAME = 256;

export interface ExternalChangesOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly view: Pick<GraphView, 'node'>;
  readonly clock: Clock;
  /** Returns the value that a parameter had when it was first read, if known. */
  readonly firstValue: (node: RosNode, name: string) => ParameterValue | undefined;
  readonly report: (change: ExternalConfigurationChange) => void;
}

/**
 * Observes parameter changes that this gateway did not make: by other tools and by nodes. Ignores declarations, because
 * a starting node declares every parameter. Sends no requests, so the previous value is known only if it was read or
 * reported before.
 */
export class ExternalChanges {
  readonly #options: ExternalChangesOptions;
  readonly #gatewayWrites: GatewayWrites;
  readonly #known = new KnownValues();
  readonly #bursts: ChangeBursts;
  #events: Subscription | undefined;

  constructor(options: ExternalChangesOptions) {
    this.#options = options;
    this.#gatewayWrites = new GatewayWrites(options.clock);
    this.#bursts = new ChangeBursts(options.clock, options.report);
  }

  async start(): Promise<void> {
    this.#events = await onParameterEvent(this.#options.node, (event) => this.received(event));
  }

  /** Counts of the individually reported changes. */
  figures(): QuotaFigures {
    return this.#bursts.figures();
  }

  async close(): Promise<void> {
    this.#bursts.close();
    await this.#events?.close();
  }

  /** Call before setting parameters; call the returned function with the results of the node. */
  setting(node: RosNode, parameters: readonly Parameter[]): (results: readonly ParameterSetResult[]) => void {
    const answered = this.#gatewayWrites.begin(node.fqn, parameters);
    return (results) => {
      for (const { name, value } of answered(results)) this.#known.set(node, name, parameterText(value));
    };
  }

  /** Called with read values: updates known values whose change event was missed. */
  read(node: RosNode, parameters: readonly Parameter[]): void {
    for (const { name, value } of parameters) {
      if (this.#known.of(node, name) !== undefined) this.#known.set(node, name, parameterText(value));
    }
  }

  /** Called when a node has left. */
  forget(fqn: string): void {
    this.#known.forget(fqn);
  }

  received({ node: fqn, added, changed, deleted }: ParameterEvent): void {
    // A node that is not in the graph cannot be identified.
    const node = this.#options.view.node(fqn);
    if (!node) return;
    for (const { name, value } of added) this.#known.set(node, name, parameterText(value));
    for (const { name, value } of changed) this.#changed(node, name, value);
    for (const name of deleted) this.#changed(node, name, { type: 'not_set' });
  }

  #changed(node: RosNode, name: string, value: ParameterValue): void {
    const to = parameterText(value);
    const from = this.#before(node, name);
    this.#known.set(node, name, to);
    if (this.#gatewayWrites.take(node.fqn, name, value)) return;
    // Some tools repeatedly set the current value.
    if (from === to && from !== undefined && !from.endsWith('…')) return;
    this.#bursts.add({ nativeId: node.fqn, name: name.slice(0, MAX_NAME), from, to });
  }

  #before(node: RosNode, name: string): string | undefined {
    const known = this.#known.of(node, name);
    if (known !== undefined) return known;
    if (this.#known.isCut(node)) return undefined;
    const first = this.#options.firstValue(node, name);
    return first && parameterText(first);
  }
}
