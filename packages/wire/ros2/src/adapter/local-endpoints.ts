import type { QosPolicies, RemoteEndpoint } from '@medkit/rtps';
import type { NodeEntities } from '../graph/discovery-info.ts';
import type { NodeNames } from '../names/graph-names.ts';

/** The DDS properties of a topic of a medkit node. */
export interface DdsTopic {
  readonly topicName: string;
  readonly typeName: string;
  readonly userData: Uint8Array;
}

/** A local endpoint, described like a remote one. */
export interface LocalEndpoint extends RemoteEndpoint {
  readonly node: NodeNames;
}

interface Description {
  readonly node: NodeNames;
  readonly kind: RemoteEndpoint['kind'];
  /** The reader or writer. */
  readonly endpoint: { readonly guid: string; readonly qos: QosPolicies };
  readonly announced: DdsTopic;
}

/** medkit's nodes and their endpoints, as announced in `ros_discovery_info`. */
export class LocalEndpoints {
  readonly #onChange: () => void;
  readonly #nodes = new Set<NodeNames>();
  readonly #endpoints = new Map<string, LocalEndpoint>();
  /** The result of `all()`, rebuilt after a change. */
  #list: readonly LocalEndpoint[] | undefined;

  constructor({ onChange }: { readonly onChange: () => void }) {
    this.#onChange = onChange;
  }

  addNode(node: NodeNames): void {
    this.#nodes.add(node);
    this.#onChange();
  }

  removeNode(node: NodeNames): void {
    if (this.#nodes.delete(node)) this.#onChange();
  }

  /** Returns the node that was opened first. */
  firstNode(): NodeNames | undefined {
    return this.#nodes.values().next().value;
  }

  add({ node, kind, endpoint: { guid, qos }, announced }: Description): void {
    this.#endpoints.set(guid, { ...announced, node, kind, guid, qos, keyed: false, vendorId: '' });
    this.#list = undefined;
    this.#onChange();
  }

  remove(guid: string): void {
    if (!this.#endpoints.delete(guid)) return;
    this.#list = undefined;
    this.#onChange();
  }

  /** Returns the same array until an endpoint is added or removed. */
  all(): readonly LocalEndpoint[] {
    this.#list ??= [...this.#endpoints.values()];
    return this.#list;
  }

  nodes(): readonly NodeEntities[] {
    const readers = new Map<NodeNames, string[]>();
    const writers = new Map<NodeNames, string[]>();
    for (const { node, kind, guid } of this.#endpoints.values()) {
      const guids = kind === 'reader' ? readers : writers;
      const known = guids.get(node);
      if (known) known.push(guid);
      else guids.set(node, [guid]);
    }
    return [...this.#nodes].map((node) => ({
      ...node,
      readers: readers.get(node) ?? [],
      writers: writers.get(node) ?? [],
    }));
  }
}
