import { choice, type Setting } from './setting.ts';

/** Parameters of the recordings around faults. */
export const ROSBAG_SETTINGS = {
  'snapshots.rosbag.enabled': {
    type: 'boolean',
    default: false,
    about: 'Makes a recording when a fault is confirmed.',
  },
  'snapshots.rosbag.duration_sec': {
    type: 'number',
    default: 5,
    min: 0.001,
    max: 3600,
    below: 'default',
    above: 'clamp',
    about: 'Seconds recorded before the fault.',
  },
  'snapshots.rosbag.duration_after_sec': {
    type: 'number',
    default: 1,
    min: 0,
    max: 3600,
    below: 'clamp',
    above: 'clamp',
    about: 'Seconds recorded after the fault.',
  },
  'snapshots.rosbag.topics': {
    type: 'text',
    default: 'entity',
    about: 'Topics to record: `entity`, `config`, `all`, `explicit`, or topics separated by commas.',
  },
  'snapshots.rosbag.include_topics': {
    type: 'list',
    default: [],
    about: 'Additional topics to record.',
  },
  'snapshots.rosbag.exclude_topics': {
    type: 'list',
    default: [],
    about: 'Topics that are never recorded.',
  },
  'snapshots.rosbag.exclude_sensor_topics': {
    type: 'boolean',
    default: true,
    about: 'Excludes images, point clouds and depth from `all` and `entity`.',
  },
  'snapshots.rosbag.qos_match': {
    type: 'boolean',
    default: true,
    about: 'Subscribes with the QoS that the publishers offer, instead of best effort.',
  },
  'snapshots.rosbag.lazy_start': {
    type: 'boolean',
    default: false,
    about: 'Subscribes only when the first fault is reported.',
  },
  'snapshots.rosbag.format': choice(['sqlite3', 'mcap'], {
    default: 'sqlite3',
    otherwise: 'sqlite3',
    about: 'File format of recordings.',
  }),
  'snapshots.rosbag.storage_path': {
    type: 'text',
    default: '',
    about: 'Folder of recordings, used by this fault manager only. Empty: `recordings` in `data_dir`.',
  },
  'snapshots.rosbag.max_buffer_mb': {
    type: 'integer',
    default: 256,
    min: 1,
    max: 65_536,
    below: 'default',
    above: 'clamp',
    about: 'Memory in MiB for messages received before the fault; the oldest are dropped.',
  },
  'snapshots.rosbag.max_bag_size_mb': {
    type: 'integer',
    default: 50,
    min: 1,
    max: 1_048_576,
    below: 'default',
    above: 'clamp',
    about: 'Maximum size in MiB of one file of a recording; a longer recording continues in the next file.',
  },
  'snapshots.rosbag.max_total_storage_mb': {
    type: 'integer',
    default: 500,
    min: 1,
    max: 1_073_741_824,
    below: 'default',
    above: 'clamp',
    about:
      'Maximum total size in MiB of all recordings; the oldest are removed. The newest is kept regardless of its size.',
  },
  'snapshots.rosbag.max_bags_per_fault': {
    type: 'integer',
    default: 1,
    min: 0,
    max: 1_000_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Number of recordings stored per fault. 0: all.',
  },
  'snapshots.rosbag.auto_cleanup': {
    type: 'boolean',
    default: true,
    about: 'Removes the recording of a fault when the fault is cleared, if it has only one.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
