import type { Setting } from './setting.ts';

/** Settings of `GET /metrics`. */
export const METRICS_SETTINGS = {
  'metrics.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Serves `GET /metrics` for Prometheus and measures requests and the event loop. If off, nothing is measured and the route does not exist.',
  },
  'metrics.token': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about:
      'Token that permits only `GET /metrics`, sent as `Authorization: Bearer <token>`. If it is set, clients without a credential cannot read metrics.',
  },
  'metrics.token_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'File with `metrics.token`. The systemd credential `metrics.token` does the same.',
  },
  'metrics.listen': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: {
      pattern: /^(?:(?:\[[\da-f:.]+\]|[\w.-]+):\d{1,5})?$/i,
      meaning: 'an address and a port such as 127.0.0.1:9464',
    },
    about:
      'Additional address and port that serve only `GET /metrics`, such as `127.0.0.1:9464`. Needs the same credentials as the main address, and uses TLS if that does. Port 0: the system chooses.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
