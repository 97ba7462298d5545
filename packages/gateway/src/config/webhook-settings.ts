import type { Setting } from './setting.ts';

/** Settings of webhooks. */
export const WEBHOOK_SETTINGS = {
  'webhooks.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Deliver events to receivers that clients name, over HTTP.',
  },
  'webhooks.allowed_targets': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Receivers that are delivered to although their addresses are not public: names, addresses and ranges, such as `receiver.lan`, `10.0.0.5`, `192.168.7.0/24`. All others are refused, so that a webhook is no way into the network behind the gateway.',
  },
  'webhooks.source': {
    type: 'text',
    default: '',
    defaultText:
      '`server.public_url`, or else `http://` (`https://` with `server.tls.enabled`), the name of the machine and `server.port`',
    since: '0.1.0',
    about:
      'What stands before the path in the `source` of every event and tells robots apart, such as `https://amr-01.example`.',
  },
  'webhooks.max_queued': {
    type: 'integer',
    default: 20_000,
    min: 1,
    max: 100_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Deliveries that wait, of all targets. Beyond, the oldest of the target for which most is waiting become dead letters.',
  },
  'webhooks.max_dead_letters': {
    type: 'integer',
    default: 2000,
    min: 0,
    max: 100_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Deliveries that were given up and are kept, to be delivered after all; beyond, the oldest are removed.',
  },
  'webhooks.max_concurrent': {
    type: 'integer',
    default: 8,
    min: 1,
    max: 64,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Requests under way to one target at once; those of one source follow each other.',
  },
  'webhooks.max_per_second': {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 10_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Requests to one target in a second.',
  },
  'webhooks.attempt_timeout_ms': {
    type: 'integer',
    default: 10_000,
    min: 100,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'How long a receiver has for its reply, in milliseconds.',
  },
  'webhooks.give_up_after_sec': {
    type: 'integer',
    default: 86_400,
    min: 1,
    max: 604_800,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'For how long, in seconds in which the gateway runs, delivering is tried again and again before an event becomes a dead letter.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
