import type { Setting } from './setting.ts';

/** Settings of webhooks. */
export const WEBHOOK_SETTINGS = {
  'webhooks.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Delivers events over HTTP to receivers that clients configure.',
  },
  'webhooks.allowed_targets': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Receivers that are allowed although their addresses are not public: names, addresses and ranges, such as `receiver.lan`, `10.0.0.5`, `192.168.7.0/24`. All others are refused, so that webhooks cannot reach the network behind the gateway.',
  },
  'webhooks.source': {
    type: 'text',
    default: '',
    defaultText:
      '`server.public_url`, or else `http://` (`https://` with `server.tls.enabled`), the name of the machine and `server.port`',
    since: '0.1.0',
    about: 'Base of the `source` of every event, which identifies the robot, such as `https://amr-01.example`.',
  },
  'webhooks.max_queued': {
    type: 'integer',
    default: 20_000,
    min: 1,
    max: 100_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Maximum number of queued deliveries of all targets. Beyond it, the oldest deliveries of the target with the longest queue become dead letters.',
  },
  'webhooks.max_dead_letters': {
    type: 'integer',
    default: 2000,
    min: 0,
    max: 100_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of dead letters, which can be delivered again; beyond it, the oldest are removed.',
  },
  'webhooks.max_concurrent': {
    type: 'integer',
    default: 8,
    min: 1,
    max: 64,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Maximum number of concurrent requests to one target; deliveries from one source are sent one after the other.',
  },
  'webhooks.max_per_second': {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 10_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of requests per second to one target.',
  },
  'webhooks.attempt_timeout_ms': {
    type: 'integer',
    default: 10_000,
    min: 100,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Timeout in milliseconds for the reply of a receiver.',
  },
  'webhooks.give_up_after_sec': {
    type: 'integer',
    default: 86_400,
    min: 1,
    max: 604_800,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds of running time for which a failed delivery is retried before it becomes a dead letter.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
