import type { Setting } from './setting.ts';

/** Settings of notifications; the settings of each receiver are below `notify.receivers.<name>`. */
export const NOTIFY_SETTINGS = {
  'notify.settle_ms': {
    type: 'integer',
    default: 500,
    min: 0,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'For how long an incident has to last, in milliseconds, before somebody is told: what explains it may come after what it causes.',
  },
  'notify.link_days': {
    type: 'number',
    default: 7,
    min: 0.01,
    max: 365,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'For how many days the link of a message acknowledges its incident. Without `server.public_url` there is none.',
  },
  'notify.heartbeat_url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    secret: true,
    about:
      'An address that is asked for again and again as long as the gateway runs and can keep faults: of a service that rings when that stops.',
  },
  'notify.heartbeat_url_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'A file that has that address.',
  },
  'notify.heartbeat_sec': {
    type: 'integer',
    default: 60,
    min: 5,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds between one and the next.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
