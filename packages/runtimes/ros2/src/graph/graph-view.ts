import type { Graph, GraphDiff, RosEndpoint, RosNode, RosParticipant } from '@medkit/ros2';
import type { TopicUse } from './topic-use.ts';

/** A service that a node offers; for nodes of the graph, one of its two endpoints. */
export type OfferedService = Pick<RosEndpoint, 'name' | 'role' | 'type'>;

/** The nodes that medkit adds to the graph. */
export interface AddedNodes {
  all(): readonly RosNode[];
  get(fqn: string): RosNode | undefined;
  /** Returns the services that one of these nodes offers, by full name. */
  servicesOf(fqn: string): ReadonlyMap<string, OfferedService> | undefined;
}

/** Key of the endpoints that belong to no node. */
const NO_NODE = '';

/** The current graph, updated by diffs, with an index for each kind of lookup. */
export class GraphView {
  #nodes = new Map<string, RosNode>();
  #participants = new Map<string, RosParticipant>();
  readonly #topicEndpoints = new Map<string, RosEndpoint>();
  readonly #serviceEndpoints = new Map<string, RosEndpoint>();
  readonly #servicesByNode = new Map<string, Map<string, RosEndpoint>>();
  readonly #serversByService = new Map<string, Map<string, RosEndpoint>>();
  readonly #clientsByService = new Map<string, Map<string, RosEndpoint>>();
  readonly #byNode = new Map<string, Map<string, RosEndpoint>>();
  readonly #byTopic = new Map<string, { publishers: RosEndpoint[]; subscriptions: RosEndpoint[] }>();
  readonly #medkitNodes: AddedNodes | undefined;

  /** @param medkitNodes nodes of medkit, which are in no list here but can be looked up by name */
  constructor(medkitNodes?: AddedNodes) {
    this.#medkitNodes = medkitNodes;
  }

  get nodes(): ReadonlyMap<string, RosNode> {
    return this.#nodes;
  }

  /** Returns a node by FQN, including nodes of medkit. */
  node(fqn: string): RosNode | undefined {
    return this.#nodes.get(fqn) ?? this.#medkitNodes?.get(fqn);
  }

  get participants(): ReadonlyMap<string, RosParticipant> {
    return this.#participants;
  }

  /** Replaces everything by `graph`. */
  replace({ nodes, participants, endpoints }: Graph): void {
    this.#nodes = new Map(nodes.map((node) => [node.fqn, node]));
    this.#participants = new Map(participants.map((participant) => [participant.guidPrefix, participant]));
    for (const index of [this.#topicEndpoints, this.#serviceEndpoints]) index.clear();
    for (const index of [this.#byNode, this.#servicesByNode, this.#byTopic]) index.clear();
    for (const index of [this.#serversByService, this.#clientsByService]) index.clear();
    for (const endpoint of endpoints) this.#add(endpoint);
  }

  /** Applies a change and returns the affected topics. */
  apply({ nodes, endpoints, participants }: GraphDiff): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const fqn of nodes.removed) this.#nodes.delete(fqn);
    for (const node of nodes.added) this.#nodes.set(node.fqn, node);
    for (const prefix of participants.removed) this.#participants.delete(prefix);
    for (const participant of participants.added) this.#participants.set(participant.guidPrefix, participant);
    for (const gid of endpoints.removed) {
      const old = this.#remove(gid);
      if (old) touched.add(old.name);
    }
    for (const endpoint of endpoints.added) {
      const old = this.#remove(endpoint.gid);
      if (old) touched.add(old.name);
      if (this.#add(endpoint)) touched.add(endpoint.name);
    }
    return touched;
  }

  /** The names of all topics in use. */
  get topics(): Iterable<string> {
    return this.#byTopic.keys();
  }

  /** Returns the endpoints of a topic; `undefined` if it has none. */
  topic(name: string): TopicUse | undefined {
    const use = this.#byTopic.get(name);
    return use && { topic: name, ...use };
  }

  /** Returns the publishers and subscriptions of a node. */
  endpointsOf(fqn: string): Iterable<RosEndpoint> {
    return this.#byNode.get(fqn)?.values() ?? [];
  }

  /** Returns the services that a node offers, by full name. */
  servicesOf(fqn: string): ReadonlyMap<string, OfferedService> {
    const medkitServices = this.#nodes.has(fqn) ? undefined : this.#medkitNodes?.servicesOf(fqn);
    if (medkitServices) return medkitServices;
    const endpoints = [...(this.#servicesByNode.get(fqn)?.values() ?? [])];
    return new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  }

  /** Returns the servers of a service, by full name: both endpoints of each. */
  serversOf(service: string): Iterable<RosEndpoint> {
    return this.#serversByService.get(service)?.values() ?? [];
  }

  /** The full names of all offered services. */
  get services(): Iterable<string> {
    return this.#serversByService.keys();
  }

  /** Returns the clients of a service, by full name: both endpoints of each. */
  clientsOf(service: string): Iterable<RosEndpoint> {
    return this.#clientsByService.get(service)?.values() ?? [];
  }

  /**
   * Publishers and subscriptions whose participant announces no node for them: plain DDS programs, or not announced
   * yet.
   */
  endpointsWithoutNode(): Iterable<RosEndpoint> {
    return this.endpointsOf(NO_NODE);
  }

  #add(endpoint: RosEndpoint): boolean {
    const { gid, role, name, node = NO_NODE } = endpoint;
    if (role === 'service' || role === 'client') {
      this.#serviceEndpoints.set(gid, endpoint);
      put(role === 'service' ? this.#serversByService : this.#clientsByService, name, endpoint);
      if (role === 'service') put(this.#servicesByNode, node, endpoint);
    }
    if (role !== 'publisher' && role !== 'subscription') return false;
    this.#topicEndpoints.set(gid, endpoint);
    put(this.#byNode, node, endpoint);
    const use = this.#byTopic.get(name) ?? { publishers: [], subscriptions: [] };
    this.#byTopic.set(name, use);
    const list = role === 'publisher' ? 'publishers' : 'subscriptions';
    // Most lists have one endpoint; an empty array that is pushed to allocates space for sixteen more.
    if (use[list].length === 0) use[list] = [endpoint];
    else use[list].push(endpoint);
    return true;
  }

  #remove(gid: string): RosEndpoint | undefined {
    this.#removeService(gid);
    const endpoint = this.#topicEndpoints.get(gid);
    if (!endpoint) return undefined;
    const { name, node = NO_NODE } = endpoint;
    this.#topicEndpoints.delete(gid);
    drop(this.#byNode, node, gid);
    const use = this.#byTopic.get(name);
    if (!use) return endpoint;
    // Creates new lists, so that iterations over the old ones are not disturbed.
    const publishers = use.publishers.filter((other) => other.gid !== gid);
    const subscriptions = use.subscriptions.filter((other) => other.gid !== gid);
    if (publishers.length + subscriptions.length === 0) this.#byTopic.delete(name);
    else this.#byTopic.set(name, { publishers, subscriptions });
    return endpoint;
  }

  #removeService(gid: string): void {
    const endpoint = this.#serviceEndpoints.get(gid);
    if (!endpoint) return;
    const { role, name, node = NO_NODE } = endpoint;
    this.#serviceEndpoints.delete(gid);
    drop(role === 'service' ? this.#serversByService : this.#clientsByService, name, gid);
    if (role === 'service') drop(this.#servicesByNode, node, gid);
  }
}

/** Endpoints by GID, by node or by service. */
type EndpointIndex = Map<string, Map<string, RosEndpoint>>;

function put(index: EndpointIndex, key: string, endpoint: RosEndpoint): void {
  const endpoints = index.get(key);
  if (endpoints) endpoints.set(endpoint.gid, endpoint);
  else index.set(key, new Map([[endpoint.gid, endpoint]]));
}

function drop(index: EndpointIndex, key: string, gid: string): void {
  const endpoints = index.get(key);
  endpoints?.delete(gid);
  if (endpoints?.size === 0) index.delete(key);
}
