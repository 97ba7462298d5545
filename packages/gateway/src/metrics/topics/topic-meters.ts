import { callContext, type DataSample, type DataWatch, errorMessage, type Log, type Model } from '@medkit/core';
import { globs } from '@medkit/core/discovery';
import { valueAt } from '@medkit/core/json';
import type { Clock } from '@medkit/edges';
import { primaryNumber, toNumber } from '@medkit/entities';
import type { MetricValue } from '../../config/metric-values.ts';
import { Pauses } from '../../live/pauses.ts';
import { type DiagnosticLevels, diagnosticLevels } from './diagnostic-levels.ts';
import { followPublishedTopics, type TopicPlace } from './published-topics.ts';

/** Maximum counted topics: each is a DDS subscription that receives every message. */
export const MAX_TOPICS = 100;
/** Interval at which a message is decoded for its values: scrapes are rarer. */
const DECODE_MS = 1000;
/** Timeout for the start of a watch. */
const START_TIMEOUT_MS = 5000;
const DIAGNOSTICS = '/diagnostics';

export interface TopicMetersOptions {
  readonly model: Pick<Model, 'events' | 'originOf' | 'provider' | 'tree'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly values: readonly MetricValue[];
  /** Names and patterns of topics whose messages are counted. */
  readonly topics: readonly string[];
  /** Age in milliseconds after which a value is unknown; 0 for never. */
  readonly maxAgeMs: number;
  /** Whether the levels of `/diagnostics` are wanted. */
  readonly diagnostics: boolean;
}

/** The current figures of the topics. */
export interface TopicFigures {
  /** A value of each known entry; no entry for an unknown or old value. */
  values(metric: string): readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
  /** Messages since the topic was found, and seconds since the last one; no age before the first one. */
  topics(): readonly { readonly topic: string; readonly messages: number; readonly ageSeconds: number | undefined }[];
  /** Absent unless wanted. */
  readonly diagnostics: DiagnosticLevels | undefined;
}

interface Watched {
  readonly provider: TopicPlace['provider'];
  readonly watch: Promise<DataWatch | undefined>;
}

/** Watches the configured topics as soon as a node publishes them, until `close` is called. */
export function openTopicMeters({ model, clock, log, values, topics, maxAgeMs, diagnostics }: TopicMetersOptions) {
  const isCounted = globs(topics);
  const byTopic = Map.groupBy(values, ({ topic }) => topic);
  const levels = diagnostics ? diagnosticLevels(clock) : undefined;
  const pauses = new Pauses(clock);
  const counts = new Map<string, { messages: number; atMs: number | undefined }>();
  const newest = new Map<MetricValue, { readonly value: number | undefined; readonly atMs: number }>();
  const watched = new Map<string, Watched>();
  let isTooMany = false;

  const decoded = (topic: string) => (sample: DataSample) => {
    const atMs = clock.monotonicMs();
    for (const value of byTopic.get(topic) ?? []) newest.set(value, { value: numberOf(value, sample), atMs });
    return pauses.of(DECODE_MS);
  };
  const watch = (key: string, { provider, nativeId }: TopicPlace, start: Start): void => {
    const known = watched.get(key);
    if (known?.provider === provider) return;
    void known?.watch.then(closeWatch);
    const opening = start(callContext({ clock, timeoutMs: START_TIMEOUT_MS }), provider, nativeId).catch((error) => {
      log('warn', `Cannot measure the topic of ${key}: ${errorMessage(error)}. The next change of the graph retries.`);
      watched.delete(key);
      return undefined;
    });
    watched.set(key, { provider, watch: opening });
  };
  const count = (topic: string, place: TopicPlace): void => {
    if (!counts.has(topic) && counts.size >= MAX_TOPICS) {
      if (!isTooMany) log('warn', `metrics.topics matches more than ${MAX_TOPICS} topics: ${topic} is not counted`);
      isTooMany = true;
      return;
    }
    const entry = counts.get(topic) ?? { messages: 0, atMs: undefined };
    counts.set(topic, entry);
    const arrived = (): void => {
      entry.messages += 1;
      entry.atMs = clock.monotonicMs();
    };
    watch(`metrics.topics ${topic}`, place, async (call, provider, nativeId) =>
      provider.arrivals
        ? provider.arrivals(nativeId, topic, arrived, call)
        : provider.watch?.(nativeId, topic, arrived, call),
    );
  };
  const found = (places: ReadonlyMap<string, TopicPlace>): void => {
    for (const [topic, place] of places) {
      if (isCounted(topic)) count(topic, place);
      if (byTopic.has(topic))
        watch(`metrics.values ${topic}`, place, async (call, provider, nativeId) =>
          provider.watch?.(nativeId, topic, decoded(topic), call),
        );
      if (levels && topic === DIAGNOSTICS)
        watch('metrics.diagnostics', place, async (call, provider, nativeId) =>
          provider.watch?.(nativeId, topic, ({ value }) => levels.take(value), call),
        );
    }
  };
  const matches = (topic: string): boolean =>
    isCounted(topic) || byTopic.has(topic) || (levels !== undefined && topic === DIAGNOSTICS);
  const stop = followPublishedTopics({ model, clock, matches, found });

  const figures: TopicFigures = {
    values: (metric) =>
      values.flatMap((each) => {
        const last = each.metric === metric ? newest.get(each) : undefined;
        if (last?.value === undefined) return [];
        const isOld = maxAgeMs > 0 && clock.monotonicMs() - last.atMs > maxAgeMs;
        return isOld ? [] : { labels: each.labels, value: last.value };
      }),
    topics: () =>
      Array.from(counts, ([topic, { messages, atMs }]) => ({
        topic,
        messages,
        ageSeconds: atMs === undefined ? undefined : (clock.monotonicMs() - atMs) / 1000,
      })),
    diagnostics: levels,
  };
  return {
    figures,
    close: async (): Promise<void> => {
      stop();
      await Promise.all(Array.from(watched.values(), async (each) => closeWatch(await each.watch)));
    },
  };
}

type Start = (
  call: ReturnType<typeof callContext>,
  provider: TopicPlace['provider'],
  nativeId: string,
) => Promise<DataWatch | undefined>;

/** Ignores an error at the end of a watch: its topic is not needed any more. */
async function closeWatch(watch: DataWatch | undefined): Promise<void> {
  await watch?.close().catch(() => undefined);
}

function numberOf({ pointer }: MetricValue, { value, type }: DataSample): number | undefined {
  return pointer === undefined ? primaryNumber(type, value) : toNumber(valueAt(value, pointer));
}
