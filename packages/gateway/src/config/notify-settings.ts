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
      'Delay in milliseconds between the start of an incident and its notification. The root cause may be reported after its symptoms.',
  },
  'notify.link_days': {
    type: 'number',
    default: 7,
    min: 0.01,
    max: 365,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Days for which the link of a notification can acknowledge its incident. Without `server.public_url` there is no link.',
  },
  'notify.heartbeat_url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    secret: true,
    about:
      'Address that the gateway requests periodically while it runs and can store faults. Use a monitoring service that alerts when the requests stop.',
  },
  'notify.heartbeat_url_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'File with that address.',
  },
  'notify.heartbeat_sec': {
    type: 'integer',
    default: 60,
    min: 5,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Interval of these requests in seconds.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
