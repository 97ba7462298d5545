import type { ChannelMeaning } from '@medkit/core';
import type { FaultConfiguration } from '../../configuration/fault-settings.ts';
import type { Runtimes, TopicSampler } from '../sampler/topic-sampler.ts';

/** Topics of one capture. Each may be subscribed to anew, and at the same time. */
export const MAX_TOPICS_PER_CAPTURE = 64;
/** Topics of the sources of a fault, where nothing names any. */
export const MAX_SOURCE_TOPICS = 16;

/** Every node publishes them: they say nothing of a fault. */
const UNTELLING = new Set(['/rosout', '/parameter_events']);

/** Which topics a file names for which faults, by names as they are written in it. A list that is there and empty wants nothing captured. */
export interface SnapshotTopics {
  readonly byCode: ReadonlyMap<string, readonly string[]>;
  /** In the order of the file: the first that matches counts. */
  readonly byPattern: readonly TopicsOfPattern[];
  readonly byDefault: readonly string[];
  /** By topic. */
  readonly meanings: ReadonlyMap<string, ChannelMeaning>;
}

export interface TopicsOfPattern {
  readonly matches: (code: string) => boolean;
  readonly topics: readonly string[];
}

/** Where there is no file. */
export const NO_SNAPSHOT_TOPICS: SnapshotTopics = {
  byCode: new Map(),
  byPattern: [],
  byDefault: [],
  meanings: new Map(),
};

/** What is captured for a fault. */
export interface TopicChoice {
  readonly topics: readonly string[];
  /** Somebody asked for these topics: that none of them said anything is of interest too. */
  readonly configured: boolean;
  /** Topics beyond the bound. */
  readonly left: number;
}

const NOTHING: TopicChoice = { topics: [], configured: false, left: 0 };

/** A name as it is given to a node in the root namespace. */
export const absoluteTopic = (name: string): string => (name.startsWith('/') ? name : `/${name}`);

/** The default topics: those of the parameter, else those of the file. */
function defaultTopics(configuration: FaultConfiguration, { byDefault }: SnapshotTopics): readonly string[] {
  const named = configuration['snapshots.default_topics'];
  return named.length > 0 ? named : byDefault;
}

/** All names of topics in the configuration, each once. */
export function configuredNames(configuration: FaultConfiguration, topics: SnapshotTopics): readonly string[] {
  const lists = [...topics.byCode.values(), ...topics.byPattern.map((entry) => entry.topics)];
  return [...new Set([...defaultTopics(configuration, topics), ...lists.flat()])];
}

/** The topics that the configuration names by their full names, each once. */
export function configuredTopics(configuration: FaultConfiguration, topics: SnapshotTopics): readonly string[] {
  return [...new Set(configuredNames(configuration, topics).map(absoluteTopic))];
}

/** Who knows topics. */
export interface TopicLookup {
  readonly publishedBy: TopicSampler['publishedBy'];
  /** The topic that a name of the configuration means to whoever reported a fault. */
  readonly topicOf: (name: string, sources: readonly string[], runtimes?: Runtimes) => string;
}

/** Says what is captured: by the code, else by the first pattern, else by default, else what the sources publish. */
export function topicChooser(
  configuration: FaultConfiguration,
  topics: SnapshotTopics,
  { publishedBy, topicOf }: TopicLookup,
): (code: string, sources: readonly string[], runtimes?: Runtimes) => TopicChoice {
  const byDefault = defaultTopics(configuration, topics);
  return (code, sources, runtimes) => {
    const named =
      topics.byCode.get(code) ??
      topics.byPattern.find(({ matches }) => matches(code))?.topics ??
      (byDefault.length > 0 ? byDefault : undefined);
    if (named !== undefined) {
      const names = [...new Set(named)];
      const meant = names.slice(0, MAX_TOPICS_PER_CAPTURE).map((name) => topicOf(name, sources, runtimes));
      const left = names.length - meant.length;
      return { topics: [...new Set(meant)], configured: named.length > 0, left };
    }
    if (!configuration['snapshots.entity_default']) return NOTHING;
    const published = sourceTopics(sources, (source) => publishedBy(source, runtimes));
    const kept = published.slice(0, MAX_SOURCE_TOPICS);
    return { topics: kept, configured: false, left: published.length - kept.length };
  };
}

/** Topics that any of the sources publishes, by name. Only what has a full name can be a node. */
export function sourceTopics(sources: readonly string[], publishedBy: TopicSampler['publishedBy']): readonly string[] {
  const nodes = sources.filter((source) => source.startsWith('/') && source.length > 1);
  const published = nodes.flatMap((node) => publishedBy(node) ?? []);
  return [...new Set(published)].filter((topic) => !UNTELLING.has(topic)).sort();
}
