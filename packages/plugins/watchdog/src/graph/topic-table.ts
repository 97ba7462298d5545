import type { GraphDiff, RosEndpoint } from '@medkit/ros2';

/** A topic with its endpoints. */
export interface TopicEndpoints {
  readonly name: string;
  /** By GID. */
  readonly publishers: ReadonlyMap<string, RosEndpoint>;
  readonly subscriptions: ReadonlyMap<string, RosEndpoint>;
}

/** A publisher or a subscription that left. */
export interface DepartedEndpoint {
  readonly endpoint: RosEndpoint;
  /** Its process fell silent without unregistering. */
  readonly silent: boolean;
}

interface Building extends TopicEndpoints {
  readonly publishers: Map<string, RosEndpoint>;
  readonly subscriptions: Map<string, RosEndpoint>;
}

/** The topics of a graph, updated by graph changes; tracks which topics have changed. */
export class TopicTable {
  readonly #topics = new Map<string, Building>();
  readonly #endpoints = new Map<string, RosEndpoint>();
  #touched = new Set<string>();

  /** Applies a change and returns the endpoints that left. */
  apply({ endpoints: { added, removed }, participants }: GraphDiff): readonly DepartedEndpoint[] {
    const lost = new Set(participants.lost);
    const departed: DepartedEndpoint[] = [];
    for (const gid of removed) {
      const endpoint = this.#endpoints.get(gid);
      if (!endpoint) continue;
      this.#remove(endpoint);
      departed.push({ endpoint, silent: lost.has(endpoint.participant) });
    }
    for (const endpoint of added) this.#add(endpoint);
    return departed;
  }

  /** Returns an endpoint by GID. */
  endpoint(gid: string): RosEndpoint | undefined {
    return this.#endpoints.get(gid);
  }

  get(name: string): TopicEndpoints | undefined {
    return this.#topics.get(name);
  }

  /** Returns the topics that have changed since the last call; a removed topic has no endpoints. */
  takeTouched(): readonly TopicEndpoints[] {
    const touched = [...this.#touched].map(
      (name) => this.#topics.get(name) ?? { name, publishers: new Map(), subscriptions: new Map() },
    );
    this.#touched = new Set();
    return touched;
  }

  #add(endpoint: RosEndpoint): void {
    const { gid, role, name } = endpoint;
    if (role !== 'publisher' && role !== 'subscription') return;
    const before = this.#endpoints.get(gid);
    if (before && before.name !== name) this.#remove(before);
    this.#endpoints.set(gid, endpoint);
    const topic = this.#topics.get(name) ?? { name, publishers: new Map(), subscriptions: new Map() };
    this.#topics.set(name, topic);
    (role === 'publisher' ? topic.publishers : topic.subscriptions).set(gid, endpoint);
    this.#touched.add(name);
  }

  #remove({ gid, name }: RosEndpoint): void {
    this.#endpoints.delete(gid);
    const topic = this.#topics.get(name);
    if (!topic) return;
    topic.publishers.delete(gid);
    topic.subscriptions.delete(gid);
    if (topic.publishers.size + topic.subscriptions.size === 0) this.#topics.delete(name);
    this.#touched.add(name);
  }
}
