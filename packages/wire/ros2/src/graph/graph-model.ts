import { isDeepStrictEqual } from 'node:util';
import type { RemoteEndpoint, RemoteParticipant } from '@medkit/rtps';
import type { Graph, GraphDiff, RosEndpoint, RosNode, RosParticipant } from '../graph.ts';
import { fullyQualifiedName } from '../names/graph-names.ts';
import type { NodeEntities } from './discovery-info.ts';
import { participantProcess } from './participant-process.ts';
import { rosEndpointOf } from './ros-endpoint.ts';
import { vendorName } from './vendors.ts';

/** Maximum length of a namespace, node name or topic: rmw allows 255. */
const MAX_NAME_LENGTH = 256;

/** Names with control characters are rejected, because names from the network appear in logs and URLs. */
const CONTROL = /\p{Cc}/u;

const isShowable = (name: string): boolean => name.length > 0 && name.length <= MAX_NAME_LENGTH && !CONTROL.test(name);

/** One of the three tables of the graph. Tracks the changes since the last call of `takeChanges`. */
class Table<T> {
  readonly #rows = new Map<string, T>();
  readonly #before = new Map<string, T | undefined>();

  get(key: string): T | undefined {
    return this.#rows.get(key);
  }

  values(): Iterable<T> {
    return this.#rows.values();
  }

  set(key: string, row: T): void {
    this.#remember(key);
    this.#rows.set(key, row);
  }

  delete(key: string): void {
    this.#remember(key);
    this.#rows.delete(key);
  }

  /** Returns the rows added or changed, and the keys removed, since the last call. */
  takeChanges(): { readonly added: readonly T[]; readonly removed: readonly string[] } {
    const added: T[] = [];
    const removed: string[] = [];
    for (const [key, before] of this.#before) {
      const now = this.#rows.get(key);
      if (now === undefined) {
        if (before !== undefined) removed.push(key);
      } else if (!isDeepStrictEqual(now, before)) added.push(now);
    }
    this.#before.clear();
    return { added, removed };
  }

  #remember(key: string): void {
    if (!this.#before.has(key)) this.#before.set(key, this.#rows.get(key));
  }
}

/**
 * The ROS graph, assembled from DDS discovery and `ros_discovery_info`, which may arrive in any order. Its size is
 * limited by the RTPS participant and by the decoder of `ros_discovery_info`.
 */
export class GraphModel {
  readonly #participants = new Table<RosParticipant>();
  readonly #nodes = new Table<RosNode>();
  readonly #endpoints = new Table<RosEndpoint>();
  readonly #announcedNodes = new Map<string, readonly NodeEntities[]>();
  /** Participants by announced node, one entry per announcement. */
  readonly #announcers = new Map<string, string[]>();
  readonly #owners = new Map<string, string>();
  /** Participants whose lease expired since the last diff. */
  readonly #silent = new Set<string>();
  #generation = 0;
  /** Created on request: a graph of thousands of endpoints changes more often than it is read. */
  #graph: Graph | undefined;

  setParticipant({ guidPrefix, vendorId, address, name, secure, properties }: RemoteParticipant): void {
    const process = participantProcess(properties);
    const row = { guidPrefix, vendor: vendorName(vendorId), address, name, secure, ...(process && { process }) };
    this.#participants.set(guidPrefix, row);
  }

  /** `silent`: its lease expired without a dispose. */
  removeParticipant(guidPrefix: string, silent = false): void {
    if (silent) this.#silent.add(guidPrefix);
    this.setNodes(guidPrefix, []);
    this.#announcedNodes.delete(guidPrefix);
    this.#participants.delete(guidPrefix);
  }

  setEndpoint(remote: RemoteEndpoint): void {
    const endpoint = rosEndpointOf(remote);
    if (!endpoint || !isShowable(endpoint.name) || !isShowable(endpoint.type)) return;
    this.#endpoints.set(endpoint.gid, { ...endpoint, node: this.#owners.get(endpoint.gid) });
  }

  removeEndpoint(gid: string): void {
    this.#endpoints.delete(gid);
  }

  /** Replaces the nodes that a participant announced earlier. */
  setNodes(guidPrefix: string, announced: readonly NodeEntities[]): void {
    // An announcement that arrives after the participant was removed is ignored.
    if (!this.#participants.get(guidPrefix)) return;
    const nodes = announced.filter(({ namespace, name }) => isShowable(namespace) && isShowable(name));
    const before = this.#announcedNodes.get(guidPrefix) ?? [];
    for (const node of before) this.#forgetNode(guidPrefix, node);
    for (const node of nodes) this.#learnNode(guidPrefix, node);
    this.#announcedNodes.set(guidPrefix, nodes);
    for (const node of [...before, ...nodes]) {
      this.#refreshNode(node);
      for (const gid of [...node.readers, ...node.writers]) this.#refreshOwner(gid);
    }
  }

  /** Returns whether a participant has announced its nodes. */
  knowsNodesOf(guidPrefix: string): boolean {
    return this.#announcedNodes.has(guidPrefix);
  }

  /** The graph. Read it right after `takeDiff`, so that it contains no change that is missing from the diffs. */
  get graph(): Graph {
    this.#graph ??= {
      generation: this.#generation,
      participants: [...this.#participants.values()],
      nodes: [...this.#nodes.values()],
      endpoints: [...this.#endpoints.values()],
    };
    return this.#graph;
  }

  /** Creates a new generation from the changes since the last one. Returns `undefined` if nothing changed. */
  takeDiff(): GraphDiff | undefined {
    const participants = this.#participants.takeChanges();
    const nodes = this.#nodes.takeChanges();
    const endpoints = this.#endpoints.takeChanges();
    const changed = [participants, nodes, endpoints].some(({ added, removed }) => added.length + removed.length > 0);
    const lost = participants.removed.filter((guidPrefix) => this.#silent.has(guidPrefix));
    this.#silent.clear();
    this.#graph = undefined;
    if (!changed) return undefined;
    this.#generation += 1;
    const generation = this.#generation;
    return { generation, participants: { ...participants, ...(lost.length > 0 && { lost }) }, nodes, endpoints };
  }

  #learnNode(guidPrefix: string, { namespace, name, readers, writers }: NodeEntities): void {
    const fqn = fullyQualifiedName(namespace, name);
    const announcers = this.#announcers.get(fqn);
    if (announcers) announcers.push(guidPrefix);
    else this.#announcers.set(fqn, [guidPrefix]);
    for (const gid of [...readers, ...writers]) {
      // A participant can only assign its own endpoints to nodes.
      if (gid.startsWith(guidPrefix)) this.#owners.set(gid, fqn);
    }
  }

  #forgetNode(guidPrefix: string, { namespace, name, readers, writers }: NodeEntities): void {
    const announcers = this.#announcers.get(fullyQualifiedName(namespace, name));
    announcers?.splice(announcers.indexOf(guidPrefix), 1);
    for (const gid of [...readers, ...writers]) if (gid.startsWith(guidPrefix)) this.#owners.delete(gid);
  }

  #refreshNode({ namespace, name }: NodeEntities): void {
    const fqn = fullyQualifiedName(namespace, name);
    const announcers = this.#announcers.get(fqn) ?? [];
    if (announcers.length > 0) {
      this.#nodes.set(fqn, { fqn, name, namespace, participants: announcers.toSorted() });
    } else {
      this.#announcers.delete(fqn);
      this.#nodes.delete(fqn);
    }
  }

  #refreshOwner(gid: string): void {
    const endpoint = this.#endpoints.get(gid);
    const node = this.#owners.get(gid);
    if (endpoint && endpoint.node !== node) this.#endpoints.set(gid, { ...endpoint, node });
  }
}
