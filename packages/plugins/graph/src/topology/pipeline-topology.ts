import type { Graph, GraphDiff, RosEndpoint } from '@medkit/ros2';
import { DepartedNodes } from './departed-nodes.ts';
import { DIAGNOSTICS_TOPIC, isExcluded } from './excluded-topics.ts';

/** Publishers and subscriptions of the graph by node and by topic, updated by diffs, and those of departed nodes. */
export class PipelineTopology {
  readonly #endpoints = new Map<string, RosEndpoint>();
  readonly #byNode = new Map<string, Map<string, RosEndpoint>>();
  /** Number of publishers per topic. */
  readonly #publishers = new Map<string, number>();
  /** Publishers of `/diagnostics`, which is not part of a pipeline. */
  readonly #monitors = new Map<string, RosEndpoint>();
  readonly #departed = new DepartedNodes();

  /** Replaces everything by `graph`. */
  replace({ endpoints }: Graph): void {
    for (const index of [this.#endpoints, this.#byNode, this.#publishers, this.#monitors]) index.clear();
    for (const endpoint of endpoints) this.#add(endpoint);
  }

  /** Applies a change at `nowMs`. */
  apply({ nodes, endpoints }: GraphDiff, nowMs: number): void {
    for (const gid of endpoints.removed) this.#lose(this.#remove(gid), nowMs);
    for (const endpoint of endpoints.added) {
      const old = this.#remove(endpoint.gid);
      this.#add(endpoint);
      // A node that exits first announces that its endpoints no longer belong to it.
      if (old?.node !== endpoint.node) this.#lose(old, nowMs);
    }
    for (const fqn of nodes.removed) this.#departed.left(fqn, nowMs);
    for (const { fqn } of nodes.added) this.#departed.returned(fqn);
  }

  /** Returns the publishers and subscriptions of a node, unordered. */
  endpointsOf(fqn: string): Iterable<RosEndpoint> {
    return this.#byNode.get(fqn)?.values() ?? [];
  }

  /** Returns the publishers and subscriptions that a departed node had. */
  departedEndpointsOf(fqn: string): readonly RosEndpoint[] {
    return this.#departed.endpointsOf(fqn);
  }

  /** Returns the number of publishers of a topic in the whole graph. */
  publisherCount(topic: string): number {
    return this.#publishers.get(topic) ?? 0;
  }

  /**
   * Returns the node that sent a message on `/diagnostics`: that of its publisher, or the only one that publishes
   * there.
   */
  monitorOf(gid: string): string | undefined {
    const publisher = this.#monitors.get(gid);
    if (publisher) return publisher.node;
    const [only, ...others] = this.#monitors.values();
    return others.length === 0 ? only?.node : undefined;
  }

  #add(endpoint: RosEndpoint): void {
    const { gid, role, name, node } = endpoint;
    if (role === 'publisher' && name === DIAGNOSTICS_TOPIC) this.#monitors.set(gid, endpoint);
    if ((role !== 'publisher' && role !== 'subscription') || isExcluded(name)) return;
    this.#endpoints.set(gid, endpoint);
    if (role === 'publisher') this.#publishers.set(name, this.publisherCount(name) + 1);
    if (node === undefined) return;
    const endpoints = this.#byNode.get(node);
    if (endpoints) endpoints.set(gid, endpoint);
    else this.#byNode.set(node, new Map([[gid, endpoint]]));
  }

  #remove(gid: string): RosEndpoint | undefined {
    this.#monitors.delete(gid);
    const endpoint = this.#endpoints.get(gid);
    if (!endpoint) return undefined;
    const { role, name, node } = endpoint;
    this.#endpoints.delete(gid);
    if (role === 'publisher') {
      const left = this.publisherCount(name) - 1;
      if (left > 0) this.#publishers.set(name, left);
      else this.#publishers.delete(name);
    }
    if (node !== undefined) {
      const endpoints = this.#byNode.get(node);
      endpoints?.delete(gid);
      if (endpoints?.size === 0) this.#byNode.delete(node);
    }
    return endpoint;
  }

  #lose(endpoint: RosEndpoint | undefined, nowMs: number): void {
    if (endpoint?.node !== undefined) this.#departed.lost(endpoint, endpoint.node, nowMs);
  }
}
