import type { Setting } from './setting.ts';

/** Settings of reads from nodes: timeouts and caches. */
export const PROVIDER_SETTINGS = {
  topic_sample_timeout_sec: {
    type: 'number',
    default: 2,
    min: 0.1,
    max: 30,
    outside: 'default',
    since: '0.1.0',
    about: 'Seconds that a read waits for the first sample of a topic that has not been read recently.',
  },
  service_call_timeout_sec: {
    type: 'integer',
    default: 10,
    min: 1,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds that an operation waits for the response of a ROS service or action server.',
  },
  parameter_service_timeout_sec: {
    type: 'number',
    default: 2,
    min: 0.1,
    max: 10,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Seconds that a configuration request waits for each response of a node.',
  },
  parameter_service_negative_cache_sec: {
    type: 'number',
    default: 60,
    min: 0,
    max: 3600,
    outside: 'refuse',
    since: '0.1.0',
    about:
      'Seconds for which configuration requests to a node that did not answer fail immediately, unless the node appears again; 0 asks every time.',
  },
  'data_provider.max_pool_size': {
    type: 'integer',
    default: 256,
    min: 1,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of topics that stay subscribed after a read, so that the next read is answered immediately.',
  },
  'data_provider.cold_wait_cap': {
    type: 'integer',
    default: 4,
    min: 0,
    max: 1024,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Maximum number of reads that wait for a first sample at the same time; further reads are answered with 503.',
  },
  'data_provider.foreign_topics': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Serves every topic on every entity, even a topic that does not exist, as in ros2_medkit. If off, an entity serves only the topics that its nodes publish or subscribe to.',
  },
  'data_provider.idle_safety_net_sec': {
    type: 'integer',
    default: 900,
    min: 0,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which the subscription of a topic that is not read is closed; 0 keeps it open.',
  },
  'data_provider.idle_max_bytes': {
    type: 'integer',
    default: 134_217_728,
    min: 0,
    max: 1_099_511_627_776,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Bytes received on a topic without a read after which its subscription is closed: a camera is closed after seconds, a thermometer stays subscribed. 0 keeps it open.',
  },
  'data_provider.idle_sweep_tick_sec': {
    type: 'integer',
    default: 60,
    min: 0,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Interval in seconds at which the gateway checks for such subscriptions; 0: never.',
  },
  'subscription_executor.watchdog_threshold_ms': {
    type: 'integer',
    default: 5000,
    min: 100,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Milliseconds after which a subscription that opens or a message that is decoded is reported as stuck in `/health`.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
