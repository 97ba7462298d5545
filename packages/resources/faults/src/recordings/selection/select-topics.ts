import type { Runtimes } from '../../topic-sampler.ts';
import type { KeyedTopic, TopicName } from '../tap/tap-provider.ts';

/** The topic settings of `snapshots.rosbag`. */
export interface TopicSelection {
  /** `entity`, `all` (or `auto`), `config`, `explicit`, or topics separated by commas. */
  readonly topics: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Excludes images, point clouds and depth from `entity` and `all`. */
  readonly excludeSensors: boolean;
  /** Topics that the snapshot configuration names for faults, used by `config`. */
  readonly configured: readonly string[];
}

/** Topics of every node, without information about a single one. */
const INTERNAL = ['/parameter_events', '/rosout'];
const SENSOR_NAMES = ['/image', '/points', '/depth', '/compressed'];
/** Types with messages of megabytes, whatever their topic is called. */
const SENSOR_TYPES = new Set([
  'sensor_msgs/msg/Image',
  'sensor_msgs/msg/CompressedImage',
  'sensor_msgs/msg/PointCloud',
  'sensor_msgs/msg/PointCloud2',
  'stereo_msgs/msg/DisparityImage',
]);
/** All other topics need the transforms for positions. */
const TRANSFORMS = ['/tf', '/tf_static'];

/** Selects the topics to subscribe to. A topic that is excluded by name is always left out. */
export function selectTopics(present: readonly TopicName[], selection: TopicSelection): readonly TopicName[] {
  const include = new Set(selection.include);
  const exclude = new Set(selection.exclude);
  const named = namedTopics(selection);
  const isSelected = named ? ({ name }: TopicName) => named.has(name) : (topic: TopicName) => isBroad(topic, selection);
  return present.filter((topic) => !exclude.has(topic.name) && (include.has(topic.name) || isSelected(topic)));
}

/** Returns whether a recording includes only the topics of its faults' reporters. */
export const isScoped = ({ topics }: TopicSelection): boolean => topics.trim() === 'entity';

/** The subscribed topics that a recording of faults includes. */
export interface RecordingScope {
  /** Topics of the reporters, by `topicKey`. */
  readonly ofSources: ReadonlySet<string>;
  /** Topics in every recording, by name. */
  readonly always: ReadonlySet<string>;
  /** Runtimes of the reporters, to which `always` is limited; all runtimes if unknown. */
  readonly runtimes: Runtimes;
}

/**
 * Returns the scope of a fault with these topics of its sources, by `topicKey`. Returns `undefined` for all topics: for
 * a mode other than `entity`, and if the topics of the sources are unknown.
 */
export function scopeOf(
  selection: TopicSelection,
  ofSources: readonly string[],
  runtimes?: Runtimes,
): RecordingScope | undefined {
  if (!isScoped(selection) || ofSources.length === 0) return undefined;
  return { ofSources: new Set(ofSources), always: new Set([...TRANSFORMS, ...selection.include]), runtimes };
}

export function isInScope(scope: RecordingScope | undefined, { key, name, runtime }: KeyedTopic): boolean {
  if (!scope || scope.ofSources.has(key)) return true;
  return scope.always.has(name) && (runtime === undefined || (scope.runtimes?.includes(runtime) ?? true));
}

/** Combines the scopes of two faults; returns `one` itself if the other adds nothing. */
export function mergeScopes(one: RecordingScope, other: RecordingScope | undefined): RecordingScope | undefined {
  if (!other) return undefined;
  const ofSources = new Set([...one.ofSources, ...other.ofSources]);
  const runtimes = one.runtimes && other.runtimes && [...new Set([...one.runtimes, ...other.runtimes])];
  if (ofSources.size === one.ofSources.size && runtimes?.length === one.runtimes?.length) return one;
  return { ofSources, always: one.always, runtimes };
}

/** Returns the topics named in the settings; `undefined` if the mode includes all topics. */
function namedTopics({ topics, configured }: TopicSelection): ReadonlySet<string> | undefined {
  switch (topics.trim()) {
    case 'entity':
    case 'all':
    case 'auto':
      return undefined;
    case 'config':
      return new Set(configured);
    case 'explicit':
      return new Set();
    default:
      return new Set(topics.split(',').map((name) => name.trim()));
  }
}

function isBroad({ name, type }: TopicName, { excludeSensors }: TopicSelection): boolean {
  if (INTERNAL.some((part) => name.includes(part))) return false;
  return !excludeSensors || !(SENSOR_TYPES.has(type) || SENSOR_NAMES.some((part) => name.includes(part)));
}
