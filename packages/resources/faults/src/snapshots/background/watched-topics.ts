import { FAULT_STATUSES, type Fault } from '@medkit/core';
import { type Clock, selectFairly } from '@medkit/edges';
import type { FaultManager } from '../../manager/fault-manager.ts';
import type { TopicSampler } from '../../topic-sampler.ts';
import { sourceTopics } from '../topics/snapshot-topics.ts';

/** Maximum buffered topics, shared fairly between sources. */
export const MAX_WATCHED_TOPICS = 128;
/** Maximum sources with watched topics; beyond it, the sources that reported longest ago are dropped. */
export const MAX_WATCHED_SOURCES = 64;
/** Interval of updating the topics: nodes start and exit, and create publishers later. */
const REVIEW_PERIOD_MS = 5000;

/** A topic, and the source that publishes it, or `undefined` for a configured topic. */
type Wanted = readonly [topic: string, source: string | undefined];

export interface WatchedTopicsOptions {
  readonly manager: Pick<FaultManager, 'list' | 'onEvent' | 'onFailed'>;
  readonly sampler: TopicSampler;
  readonly clock: Clock;
  /** Topic names in the configuration. */
  readonly configured: readonly string[];
  /** Resolves such a name to a topic for these sources. */
  readonly topicOf: (name: string, sources: readonly string[]) => string;
  /** How long samples are buffered. */
  readonly historyMs: number;
  /** Whether to watch the topics of fault reporters too. */
  readonly ofSources: boolean;
}

/**
 * Makes the sampler buffer the topics that captures will need: the configured ones, then those of fault reporters, most
 * recent first. Returns a function that ends this.
 */
export function watchTopics({
  manager,
  sampler,
  clock,
  configured,
  topicOf,
  historyMs,
  ofSources,
}: WatchedTopicsOptions): () => void {
  /** Most recent reporter last. */
  const sources = new Set<string>();
  let watched = '';
  const review = (): void => {
    const reported = [...sources]
      .reverse()
      .flatMap((source) =>
        sourceTopics([source], (node) => sampler.publishedBy(node)).map((topic): Wanted => [topic, source]),
      );
    const named = configured.map((name): Wanted => [topicOf(name, [...sources]), undefined]);
    const wanted = new Map<string, string | undefined>();
    for (const [topic, source] of [...named, ...reported]) if (!wanted.has(topic)) wanted.set(topic, source);
    const topics = selectFairly([...wanted], MAX_WATCHED_TOPICS, ([, source]) => source).map(([topic]) => topic);
    const names = topics.join(' ');
    if (names === watched) return;
    watched = names;
    sampler.watch(topics, historyMs);
  };
  /** Returns true if any of these sources is new. */
  const learn = (names: readonly string[]): boolean => {
    const isNew = names.some((name) => !sources.has(name));
    for (const name of names) {
      sources.delete(name);
      sources.add(name);
    }
    for (const oldest of sources) {
      if (sources.size <= MAX_WATCHED_SOURCES) break;
      sources.delete(oldest);
    }
    return isNew;
  };
  const onFault = (fault: Fault): void => {
    if (learn(fault.sources)) review();
  };

  const ends: (() => void)[] = [() => sampler.watch([], 0)];
  if (ofSources) {
    const faults = manager.list({ statuses: FAULT_STATUSES, includeMuted: true }).faults;
    for (const fault of [...faults].sort((a, b) => (a.lastOccurredNs < b.lastOccurredNs ? -1 : 1)))
      learn(fault.sources);
    ends.push(
      manager.onFailed(onFault),
      manager.onEvent(({ fault }) => onFault(fault)),
    );
  }
  // A name that is not absolute may resolve to another topic when the graph changes.
  if (ofSources || configured.some((name) => !name.startsWith('/'))) {
    const timer = clock.every(REVIEW_PERIOD_MS, review);
    ends.push(() => timer.cancel());
  }
  review();
  return () => {
    for (const end of ends.splice(0)) end();
  };
}
