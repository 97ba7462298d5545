import { FAULT_STATUSES, type Fault } from '@medkit/core';
import { type Clock, sharedPlaces } from '@medkit/edges';
import type { FaultManager } from '../../manager/fault-manager.ts';
import type { TopicSampler } from '../sampler/topic-sampler.ts';
import { sourceTopics } from '../topics/snapshot-topics.ts';

/** Topics of which samples are kept at hand; each source leaves room to others. */
export const MAX_WATCHED_TOPICS = 128;
/** Sources whose topics are watched; those that reported a fault longest ago give way. */
export const MAX_WATCHED_SOURCES = 64;
/** Nodes come and go, and publish more as they go on. */
const REVIEW_PERIOD_MS = 5000;

/** A topic, and the source that publishes it if it is not of the configuration. */
type Wanted = readonly [topic: string, source: string | undefined];

export interface WatchedTopicsOptions {
  readonly manager: Pick<FaultManager, 'list' | 'onEvent' | 'onFailed'>;
  readonly sampler: TopicSampler;
  readonly clock: Clock;
  /** Names of topics in the configuration. */
  readonly configured: readonly string[];
  /** The topic that such a name means to these sources. */
  readonly topicOf: (name: string, sources: readonly string[]) => string;
  /** How long samples are kept at hand. */
  readonly historyMs: number;
  /** Whether the topics of those who report faults are of interest too. */
  readonly ofSources: boolean;
}

/**
 * Has the sampler keep the samples of topics at hand that faults will want: those that the configuration names, then those
 * of whoever reported a fault, the last one first. Gives a way to end that.
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
  /** The last one to report stands last. */
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
    const topics = sharedPlaces([...wanted], MAX_WATCHED_TOPICS, ([, source]) => source).map(([topic]) => topic);
    const names = topics.join(' ');
    if (names === watched) return;
    watched = names;
    sampler.watch(topics, historyMs);
  };
  /** True where one of them was not known. */
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
  const hear = (fault: Fault): void => {
    if (learn(fault.sources)) review();
  };

  const ends: (() => void)[] = [() => sampler.watch([], 0)];
  if (ofSources) {
    const faults = manager.list({ statuses: FAULT_STATUSES, includeMuted: true }).faults;
    for (const fault of [...faults].sort((a, b) => (a.lastOccurredNs < b.lastOccurredNs ? -1 : 1)))
      learn(fault.sources);
    ends.push(
      manager.onFailed(hear),
      manager.onEvent(({ fault }) => hear(fault)),
    );
  }
  // What is no full name may mean another topic as the graph changes.
  if (ofSources || configured.some((name) => !name.startsWith('/'))) {
    const timer = clock.every(REVIEW_PERIOD_MS, review);
    ends.push(() => timer.cancel());
  }
  review();
  return () => {
    for (const end of ends.splice(0)) end();
  };
}
