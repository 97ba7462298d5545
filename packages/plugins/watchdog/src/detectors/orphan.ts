import { type Globs, globs } from '@medkit/core/discovery';
import type { RosEndpoint } from '@medkit/ros2';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import type { TopicEndpoints } from '../graph/topic-table.ts';
import { editDistance } from '../names/edit-distance.ts';

/** Topics of every node, whether used or not. */
const SYSTEM_TOPICS: ReadonlySet<string> = new Set(['/rosout', '/parameter_events']);

/** Maximum one-sided topics of the opposite side to compare with; more are not spelling mistakes. */
const MAX_COMPARED = 1000;

export interface OrphanOptions {
  readonly grace: number;
  /** Maximum edit distance of the last parts of two names. */
  readonly maxEditDistance: number;
  /** Maximum edit distance of the namespaces. */
  readonly namespaceEditDistance: number;
  readonly allowlist: readonly string[];
}

interface OneSided {
  readonly name: string;
  readonly namespace: string;
  readonly leaf: string;
  readonly published: boolean;
  /** The existing endpoint. */
  readonly endpoint: RosEndpoint;
}

/**
 * Detects two topics of one type with similar names, of which one has only publishers and the other only subscriptions:
 * a wrong remapping. A topic is compared when it changes, and only with possible counterparts.
 */
export class Orphan implements Detector {
  readonly grace: number;
  readonly #options: OrphanOptions;
  readonly #allowed: Globs;
  readonly #oneSided = new Map<string, OneSided>();
  /** One-sided topics by side and by the properties that both topics of a pair share. */
  readonly #buckets = new Map<string, Set<string>>();
  /** Findings of a topic by the other topic; each pair is stored in both directions. */
  readonly #pairs = new Map<string, Map<string, Finding>>();

  constructor(options: OrphanOptions) {
    this.grace = options.grace;
    this.#options = options;
    this.#allowed = globs(options.allowlist);
  }

  /** Processes the current state of a topic. */
  update(topic: TopicEndpoints): void {
    this.#forget(topic.name);
    if (SYSTEM_TOPICS.has(topic.name) || this.#allowed(topic.name)) return;
    const side = oneSided(topic);
    if (!side) return;
    const bucketKey = this.#bucketOf(side, side.published);
    const bucket = this.#buckets.get(bucketKey) ?? new Set();
    if (bucket.size >= MAX_COMPARED) return;
    this.#buckets.set(bucketKey, bucket.add(side.name));
    this.#oneSided.set(side.name, side);
    for (const name of this.#buckets.get(this.#bucketOf(side, !side.published)) ?? []) {
      const other = this.#oneSided.get(name);
      if (other && this.#nearMiss(side, other)) this.#pair(side, other);
    }
  }

  findings(): readonly Finding[] {
    const found = new Set<Finding>();
    for (const pairs of this.#pairs.values()) for (const finding of pairs.values()) found.add(finding);
    return [...found];
  }

  /** Returns the key of topics on the given side that can form a pair with a topic. */
  #bucketOf({ namespace, endpoint }: OneSided, published: boolean): string {
    const place = this.#options.namespaceEditDistance === 0 ? namespace : '';
    return `${published ? 'published' : 'wanted'} ${endpoint.type} ${place}`;
  }

  #nearMiss(a: OneSided, b: OneSided): boolean {
    const { maxEditDistance, namespaceEditDistance } = this.#options;
    return (
      withoutNumbers(a.name) !== withoutNumbers(b.name) &&
      editDistance(a.leaf, b.leaf, maxEditDistance) !== undefined &&
      editDistance(a.namespace, b.namespace, namespaceEditDistance) !== undefined
    );
  }

  #pair(a: OneSided, b: OneSided): void {
    const [published, wanted] = a.published ? [a, b] : [b, a];
    const by = ({ endpoint: { node } }: OneSided) => node ?? 'a node without a name';
    const { node } = wanted.endpoint;
    const finding: Finding = {
      code: 'GRAPH_ORPHAN',
      key: `${published.name} ${wanted.name}`,
      detail: `no node subscribes to ${published.name} of ${by(published)}, and no node publishes ${wanted.name} for ${by(wanted)}`,
      severity: SEVERITY.error,
      ...(node !== undefined && { node }),
    };
    for (const [one, other] of [
      [a.name, b.name],
      [b.name, a.name],
    ] as const) {
      const pairs = this.#pairs.get(one) ?? new Map<string, Finding>();
      this.#pairs.set(one, pairs.set(other, finding));
    }
  }

  #forget(name: string): void {
    const side = this.#oneSided.get(name);
    if (!side) return;
    this.#oneSided.delete(name);
    const key = this.#bucketOf(side, side.published);
    const bucket = this.#buckets.get(key);
    bucket?.delete(name);
    if (bucket?.size === 0) this.#buckets.delete(key);
    for (const other of this.#pairs.get(name)?.keys() ?? []) {
      const rest = this.#pairs.get(other);
      rest?.delete(name);
      if (rest?.size === 0) this.#pairs.delete(other);
    }
    this.#pairs.delete(name);
  }
}

/** Returns the topic if it has endpoints on only one side, all of one type. */
function oneSided({ name, publishers, subscriptions }: TopicEndpoints): OneSided | undefined {
  const published = publishers.size > 0;
  if (published === subscriptions.size > 0) return undefined;
  const [endpoint, ...rest] = (published ? publishers : subscriptions).values();
  if (!endpoint || rest.some(({ type }) => type !== endpoint.type)) return undefined;
  const cut = name.lastIndexOf('/');
  return { name, namespace: name.slice(0, cut), leaf: name.slice(cut + 1), published, endpoint };
}

/** `/lidar_9` and `/lidar_10` are numbered topics, not a spelling mistake. */
function withoutNumbers(name: string): string {
  return name.replace(/\d+/g, '#');
}
