import { type GraphDiff, isManagedNode, PARAMETER_EVENTS_TOPIC, type RosEndpoint, type RosNode } from '@medkit/ros2';

/** Endpoints of a node that allow it to be monitored. */
interface Offer {
  /** By name. */
  readonly services: Map<string, RosEndpoint>;
  tellsChanges: boolean;
}

/** A node that left. */
export interface DepartedNode {
  readonly fqn: string;
  /** Its process fell silent without unregistering. */
  readonly silent: boolean;
}

/** The nodes of a graph and the endpoints for monitoring them, updated by graph changes. */
export class NodeTable {
  readonly #nodes = new Map<string, RosNode>();
  readonly #offers = new Map<string, Offer>();
  readonly #endpoints = new Map<string, RosEndpoint>();
  /** Increases whenever nodes appear or leave. */
  generation = 0;

  /** Applies a change and returns the nodes that left. */
  apply({ nodes, endpoints, participants }: GraphDiff): readonly DepartedNode[] {
    for (const gid of endpoints.removed) this.#removeEndpoint(gid);
    for (const endpoint of endpoints.added) this.#addEndpoint(endpoint);
    const lost = new Set(participants.lost);
    const departed: DepartedNode[] = [];
    for (const fqn of nodes.removed) {
      const announcers = this.#nodes.get(fqn)?.participants ?? [];
      if (!this.#nodes.delete(fqn)) continue;
      departed.push({ fqn, silent: announcers.length > 0 && announcers.every((prefix) => lost.has(prefix)) });
    }
    for (const node of nodes.added) this.#nodes.set(node.fqn, node);
    if (departed.length + nodes.added.length > 0) this.generation++;
    return departed;
  }

  get size(): number {
    return this.#nodes.size;
  }

  has(fqn: string): boolean {
    return this.#nodes.has(fqn);
  }

  all(): Iterable<RosNode> {
    return this.#nodes.values();
  }

  /** Returns whether the node has lifecycle services. */
  isManaged(fqn: string): boolean {
    const services = this.#offers.get(fqn)?.services;
    return services !== undefined && isManagedNode(fqn, services);
  }

  /** Returns whether the parameters of the node can be read. */
  hasParameters(fqn: string): boolean {
    const services = this.#offers.get(fqn)?.services;
    return services?.has(`${fqn}/list_parameters`) === true && services.has(`${fqn}/get_parameters`);
  }

  /** Returns whether the node publishes parameter events. */
  tellsParameterChanges(fqn: string): boolean {
    return this.#offers.get(fqn)?.tellsChanges === true;
  }

  #addEndpoint(endpoint: RosEndpoint): void {
    const { gid, node, role, name } = endpoint;
    const tellsChanges = role === 'publisher' && name === PARAMETER_EVENTS_TOPIC;
    if (role !== 'service' && !tellsChanges) return;
    this.#removeEndpoint(gid);
    if (node === undefined) return;
    this.#endpoints.set(gid, endpoint);
    const offer: Offer = this.#offers.get(node) ?? { services: new Map(), tellsChanges: false };
    this.#offers.set(node, offer);
    if (tellsChanges) offer.tellsChanges = true;
    else offer.services.set(name, endpoint);
  }

  #removeEndpoint(gid: string): void {
    const endpoint = this.#endpoints.get(gid);
    const { node } = endpoint ?? {};
    if (!endpoint || node === undefined) return;
    this.#endpoints.delete(gid);
    const offer = this.#offers.get(node);
    if (!offer) return;
    if (endpoint.role === 'publisher') offer.tellsChanges = false;
    // A service has two endpoints of the same name.
    else if (offer.services.get(endpoint.name)?.gid === gid) offer.services.delete(endpoint.name);
    if (offer.services.size === 0 && !offer.tellsChanges) this.#offers.delete(node);
  }
}
