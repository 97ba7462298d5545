import type { GraphDiff, RosEndpoint } from '@medkit/ros2';

/** A topic with both its ends. */
export interface TopicEnds {
  readonly name: string;
  /** By GUID. */
  readonly publishers: ReadonlyMap<string, RosEndpoint>;
  readonly subscriptions: ReadonlyMap<string, RosEndpoint>;
}

/** A publisher or a subscription that left. */
export interface DepartedEndpoint {
  readonly endpoint: RosEndpoint;
  /** Its process fell silent, rather than say goodbye. */
  readonly silent: boolean;
}

interface Building extends TopicEnds {
  readonly publishers: Map<string, RosEndpoint>;
  readonly subscriptions: Map<string, RosEndpoint>;
}

/** The topics of a graph, kept up by its changes: those that were touched are known without looking at the others. */
export class TopicTable {
  readonly #topics = new Map<string, Building>();
  readonly #endpoints = new Map<string, RosEndpoint>();
  #touched = new Set<string>();

  /** Takes a change in, and gives the ends of topics that left by it. */
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

  /** The endpoint of a topic by its GUID. */
  endpoint(gid: string): RosEndpoint | undefined {
    return this.#endpoints.get(gid);
  }

  get(name: string): TopicEnds | undefined {
    return this.#topics.get(name);
  }

  /** Topics that have changed since the last call; one that is gone has no ends. */
  takeTouched(): readonly TopicEnds[] {
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
