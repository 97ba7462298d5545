import type { ChannelMeaning } from '@medkit/core';
import type { FaultConfiguration } from '../../configuration/fault-settings.ts';
import type { Runtimes, TopicSampler } from '../../topic-sampler.ts';

/** Maximum topics of one capture; each may need a new subscription at the same time. */
export const MAX_TOPICS_PER_CAPTURE = 64;
/** Maximum topics of the sources of a fault, if no topics are configured. */
const MAX_SOURCE_TOPICS = 16;

/** Topics of every node, without information about a fault. */
const UNTELLING = new Set(['/rosout', '/parameter_events']);

/** The topics that a file names for faults, as written. An empty list disables the capture. */
export interface SnapshotTopics {
  readonly byCode: ReadonlyMap<string, readonly string[]>;
  /** In the order of the file; the first match counts. */
  readonly byPattern: readonly TopicsOfPattern[];
  readonly byDefault: readonly string[];
  /** Meanings by topic. */
  readonly meanings: ReadonlyMap<string, ChannelMeaning>;
}

export interface TopicsOfPattern {
  readonly matches: (code: string) => boolean;
  readonly topics: readonly string[];
}

/** Used without a file. */
export const NO_SNAPSHOT_TOPICS: SnapshotTopics = {
  byCode: new Map(),
  byPattern: [],
  byDefault: [],
  meanings: new Map(),
};

/** The topics to capture for a fault. */
export interface TopicChoice {
  readonly topics: readonly string[];
  /** True if the topics are configured; then missing messages are reported too. */
  readonly configured: boolean;
  /** Number of topics beyond the bound. */
  readonly skipped: number;
}

const NOTHING: TopicChoice = { topics: [], configured: false, skipped: 0 };

/** Resolves a name in the root namespace. */
export const absoluteTopic = (name: string): string => (name.startsWith('/') ? name : `/${name}`);

/** Returns the default topics: those of the parameter, otherwise those of the file. */
function defaultTopics(configuration: FaultConfiguration, { byDefault }: SnapshotTopics): readonly string[] {
  const named = configuration['snapshots.default_topics'];
  return named.length > 0 ? named : byDefault;
}

/** Returns all topic names in the configuration, each once. */
export function configuredNames(configuration: FaultConfiguration, topics: SnapshotTopics): readonly string[] {
  const lists = [...topics.byCode.values(), ...topics.byPattern.map((entry) => entry.topics)];
  return [...new Set([...defaultTopics(configuration, topics), ...lists.flat()])];
}

/** Returns the configured topics by full name, each once. */
export function configuredTopics(configuration: FaultConfiguration, topics: SnapshotTopics): readonly string[] {
  return [...new Set(configuredNames(configuration, topics).map(absoluteTopic))];
}

/** Lookup of topics. */
export interface TopicLookup {
  readonly publishedBy: TopicSampler['publishedBy'];
  /** Resolves a configured name for the reporters of a fault. */
  readonly topicOf: (name: string, sources: readonly string[], runtimes?: Runtimes) => string;
}

/**
 * Chooses the topics to capture: by code, else by the first matching pattern, else the defaults, else what the sources
 * publish.
 */
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
      const resolved = names.slice(0, MAX_TOPICS_PER_CAPTURE).map((name) => topicOf(name, sources, runtimes));
      const skipped = names.length - resolved.length;
      return { topics: [...new Set(resolved)], configured: named.length > 0, skipped };
    }
    if (!configuration['snapshots.entity_default']) return NOTHING;
    const published = sourceTopics(sources, (source) => publishedBy(source, runtimes));
    const captured = published.slice(0, MAX_SOURCE_TOPICS);
    return { topics: captured, configured: false, skipped: published.length - captured.length };
  };
}

/**
 * Returns the topics that any of the sources publishes, sorted by name. Only a source with a full name can be a node.
 */
export function sourceTopics(sources: readonly string[], publishedBy: TopicSampler['publishedBy']): readonly string[] {
  const nodes = sources.filter((source) => source.startsWith('/') && source.length > 1);
  const published = nodes.flatMap((node) => publishedBy(node) ?? []);
  return [...new Set(published)].filter((topic) => !UNTELLING.has(topic)).sort();
}
