import type { QosPolicies, RemoteEndpoint } from '@medkit/rtps';
import type { NodeEntities } from '../graph/discovery-info.ts';
import type { NodeNames } from '../names/graph-names.ts';

/** The DDS side of a topic of ours. */
export interface DdsTopic {
  readonly topicName: string;
  readonly typeName: string;
  readonly userData: Uint8Array;
}

/** One endpoint of ours, described as others see it. */
export interface LocalEndpoint extends RemoteEndpoint {
  readonly node: NodeNames;
}

interface Description {
  readonly node: NodeNames;
  readonly kind: RemoteEndpoint['kind'];
  /** The reader or writer itself. */
  readonly endpoint: { readonly guid: string; readonly qos: QosPolicies };
  readonly announced: DdsTopic;
}

/** Our nodes and what belongs to each of them: what `ros_discovery_info` has to say of us. */
export class LocalEndpoints {
  readonly #onChange: () => void;
  readonly #nodes = new Set<NodeNames>();
  readonly #endpoints = new Map<string, LocalEndpoint>();
  /** The list of `all()`, made again after a change. */
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

  /** The node that is open longest. */
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

  /** The same list until an endpoint is added or removed. */
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
