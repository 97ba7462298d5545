import { choice, type Setting } from './setting.ts';

/** Parameters of the captures at the confirmation of a fault. */
export const SNAPSHOT_SETTINGS = {
  'snapshots.enabled': {
    type: 'boolean',
    default: true,
    about: 'Whether data is captured when a fault is confirmed.',
  },
  'snapshots.background_capture': {
    type: 'boolean',
    default: false,
    about: 'Keeps the last value of the configured topics at hand, instead of asking for one at the time of the fault.',
  },
  'snapshots.history_sec': {
    type: 'number',
    default: 10,
    min: 0,
    max: 300,
    below: 'clamp',
    above: 'clamp',
    about:
      'Seconds before the fault over which the numbers of topics at hand are kept with their frames, ten a second at most and fewer where they are large. 0 keeps the last value alone.',
  },
  'snapshots.log_window_sec': {
    type: 'number',
    default: 30,
    min: 0,
    max: 300,
    below: 'clamp',
    above: 'clamp',
    about:
      'Seconds before and after a fault of which log lines are kept with it: of those who reported it, of the nodes that they exchange topics with, and of those that publish what is captured. 0 keeps none.',
  },
  'snapshots.timeout_sec': {
    type: 'number',
    default: 1,
    min: 0.001,
    max: 3600,
    below: 'default',
    above: 'clamp',
    about: 'How long a topic is waited for.',
  },
  'snapshots.max_message_size': {
    type: 'integer',
    default: 65_536,
    min: 1,
    max: 268_435_456,
    below: 'default',
    above: 'clamp',
    about: 'Octets of a message that are kept; of a larger one its head, marked as such.',
  },
  'snapshots.default_topics': {
    type: 'list',
    default: [],
    about: 'Topics captured for every fault that has none of its own.',
  },
  'snapshots.entity_default': {
    type: 'boolean',
    default: true,
    about: 'Captures the topics of the reporting nodes where nothing else names any.',
  },
  'snapshots.config_file': {
    type: 'text',
    default: '',
    about: 'YAML file of topics by fault code. Empty is none.',
  },
  'snapshots.recapture_cooldown_sec': {
    type: 'number',
    default: 60,
    min: 0,
    max: 31_536_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Least time between two captures of one fault that the same source reports. 0 captures each time.',
  },
  'snapshots.max_per_fault': {
    type: 'integer',
    default: 10,
    min: 0,
    max: 1_000_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Snapshots kept of each fault. 0 keeps all.',
  },
  'snapshots.max_per_fault_policy': choice(['evict_middle', 'evict_oldest', 'reject_newest'], {
    default: 'evict_middle',
    otherwise: 'evict_middle',
    about:
      'What gives way where a fault has all its snapshots, always those that were captured together: such as are neither of its first nor of its newest capture, the oldest first, or the new ones.',
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
    about: 'Captures at once.',
  },
  'snapshots.capture_queue_depth': {
    type: 'integer',
    default: 16,
    min: 1,
    max: 10_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Captures that may wait.',
  },
  'snapshots.capture_queue_full_policy': choice(['reject_newest', 'drop_oldest'], {
    default: 'reject_newest',
    otherwise: 'reject_newest',
    about: 'What gives way where too many captures wait.',
  }),
} as const satisfies Readonly<Record<string, Setting>>;
