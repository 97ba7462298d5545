import type { Runtimes } from '../../snapshots/sampler/topic-sampler.ts';
import type { KeyedTopic, TopicName } from '../tap/tap-provider.ts';

/** What `snapshots.rosbag` says of topics. */
export interface TopicSelection {
  /** `entity`, `all` (or `auto`), `config`, `explicit`, or topics separated by commas. */
  readonly topics: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Leaves images, point clouds and depth out of `entity` and `all`. */
  readonly excludeSensors: boolean;
  /** Topics that the configuration of snapshots names for faults: what `config` means. */
  readonly configured: readonly string[];
}

/** Of every node and of no interest to a single one. */
const INTERNAL = ['/parameter_events', '/rosout'];
const SENSOR_NAMES = ['/image', '/points', '/depth', '/compressed'];
/** Messages of megabytes, whatever their topics are called. */
const SENSOR_TYPES = new Set([
  'sensor_msgs/msg/Image',
  'sensor_msgs/msg/CompressedImage',
  'sensor_msgs/msg/PointCloud',
  'sensor_msgs/msg/PointCloud2',
  'stereo_msgs/msg/DisparityImage',
]);
/** Without transforms no other topic can be placed. */
const TRANSFORMS = ['/tf', '/tf_static'];

/** The topics to listen to, of those that there are. What is excluded by name is left out whatever else is said of it. */
export function selectTopics(present: readonly TopicName[], selection: TopicSelection): readonly TopicName[] {
  const include = new Set(selection.include);
  const exclude = new Set(selection.exclude);
  const named = namedTopics(selection);
  const isMeant = named ? ({ name }: TopicName) => named.has(name) : (topic: TopicName) => isBroad(topic, selection);
  return present.filter((topic) => !exclude.has(topic.name) && (include.has(topic.name) || isMeant(topic)));
}

/** Whether a recording is to have only the topics of those who reported its faults. */
export const isScoped = ({ topics }: TopicSelection): boolean => topics.trim() === 'entity';

/** Of what is listened to, the topics that belong into the recording of faults. */
export interface RecordingScope {
  /** Those of who reported the faults, by `topicKey`. */
  readonly ofSources: ReadonlySet<string>;
  /** Those that belong into every recording, by name. */
  readonly always: ReadonlySet<string>;
  /** Where who reported the faults is, and `always` is meant; anywhere where that is not known. */
  readonly runtimes: Runtimes;
}

/**
 * The scope of a fault with these topics of its sources, by `topicKey`; `undefined` is everything: for a mode other than
 * `entity`, and where nothing is known of the sources.
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

/** The scope of two faults together; `one` itself where the other adds nothing. */
export function joinedScope(one: RecordingScope, other: RecordingScope | undefined): RecordingScope | undefined {
  if (!other) return undefined;
  const ofSources = new Set([...one.ofSources, ...other.ofSources]);
  const runtimes = one.runtimes && other.runtimes && [...new Set([...one.runtimes, ...other.runtimes])];
  if (ofSources.size === one.ofSources.size && runtimes?.length === one.runtimes?.length) return one;
  return { ofSources, always: one.always, runtimes };
}

/** `undefined` where the mode means all topics that there are. */
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
