import { choice, type Setting } from './setting.ts';

/** Parameters of the captures at the confirmation of a fault. */
export const SNAPSHOT_SETTINGS = {
  'snapshots.enabled': {
    type: 'boolean',
    default: true,
    about: 'Captures data when a fault is confirmed.',
  },
  'snapshots.background_capture': {
    type: 'boolean',
    default: false,
    about: 'Buffers the last value of the configured topics, instead of requesting one when the fault occurs.',
  },
  'snapshots.history_sec': {
    type: 'number',
    default: 10,
    min: 0,
    max: 300,
    below: 'clamp',
    above: 'clamp',
    about:
      'Seconds before the fault for which the numbers of buffered topics are stored in the freeze frame, at most ten values a second and fewer for large messages. 0 stores only the last value.',
  },
  'snapshots.log_window_sec': {
    type: 'number',
    default: 30,
    min: 0,
    max: 300,
    below: 'clamp',
    above: 'clamp',
    about:
      'Seconds before and after a fault for which log lines are stored with it: of its reporters, of the nodes that they exchange topics with, and of the publishers of captured topics. 0: none.',
  },
  'snapshots.timeout_sec': {
    type: 'number',
    default: 1,
    min: 0.001,
    max: 3600,
    below: 'default',
    above: 'clamp',
    about: 'Timeout for a message of a topic.',
  },
  'snapshots.max_message_size': {
    type: 'integer',
    default: 65_536,
    min: 1,
    max: 268_435_456,
    below: 'default',
    above: 'clamp',
    about: 'Maximum stored size of a message in bytes; a larger message is truncated and marked.',
  },
  'snapshots.default_topics': {
    type: 'list',
    default: [],
    about: 'Topics captured for every fault without specific topics.',
  },
  'snapshots.entity_default': {
    type: 'boolean',
    default: true,
    about: 'Captures the topics of the reporting nodes if no topics are configured.',
  },
  'snapshots.config_file': {
    type: 'text',
    default: '',
    about: 'YAML file of topics by fault code. Empty: none.',
  },
  'snapshots.recapture_cooldown_sec': {
    type: 'number',
    default: 60,
    min: 0,
    max: 31_536_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Minimum time between two captures of a fault reported by the same source. 0: no minimum.',
  },
  'snapshots.max_per_fault': {
    type: 'integer',
    default: 10,
    min: 0,
    max: 1_000_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Number of snapshots stored per fault. 0: all.',
  },
  'snapshots.max_per_fault_policy': choice(['evict_middle', 'evict_oldest', 'reject_newest'], {
    default: 'evict_middle',
    otherwise: 'evict_middle',
    about:
      'Snapshots to drop if a fault has the maximum number. Snapshots that were captured together are dropped together: the oldest that belong neither to the first nor to the newest capture, or the new ones.',
  }),
  'snapshots.retain_on_clear': {
    type: 'boolean',
    default: false,
    about: 'Keeps snapshots when their fault is cleared.',
  },
  'snapshots.capture_pool_size': {
    type: 'integer',
    default: 2,
    min: 1,
    max: 64,
    below: 'clamp',
    above: 'clamp',
    about: 'Maximum number of concurrent captures.',
  },
  'snapshots.capture_queue_depth': {
    type: 'integer',
    default: 16,
    min: 1,
    max: 10_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Maximum number of captures in the queue.',
  },
  'snapshots.capture_queue_full_policy': choice(['reject_newest', 'drop_oldest'], {
    default: 'reject_newest',
    otherwise: 'reject_newest',
    about: 'Captures to drop if the queue is full.',
  }),
} as const satisfies Readonly<Record<string, Setting>>;
