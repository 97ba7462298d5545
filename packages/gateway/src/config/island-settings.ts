import type { Setting } from './setting.ts';

/** Settings of a runtime outside of ROS that reports through the ingest. */
export const ISLAND_SETTINGS = {
  'island.enabled': {
    type: 'boolean',
    default: false,
    since: '0.3.0',
    about:
      'Shows a runtime outside of ROS, such as a safety controller, that reports its entities and state by the ingest protocol (docs/ingest.md).',
  },
  'island.listen': {
    type: 'text',
    default: 'udp:127.0.0.1:7799',
    since: '0.3.0',
    about:
      'Address that receives its messages: `udp:` with a loopback address and a port, or `unix:` with the path of a socket (0660).',
  },
  'island.key_file': {
    type: 'text',
    default: '',
    since: '0.3.0',
    about:
      'File with the key that authenticates its messages, 64 hex digits: `openssl rand -hex 32`. Required for UDP.',
  },
  'island.silent_ms': {
    type: 'integer',
    default: 250,
    min: 20,
    max: 60_000,
    outside: 'clamp',
    since: '0.3.0',
    about: 'Milliseconds without a message after which its values are stale and the fault `INGEST_SILENT` is reported.',
  },
  'island.history_sec': {
    type: 'number',
    default: 5,
    min: 0.1,
    max: 60,
    outside: 'clamp',
    since: '0.3.0',
    about: 'Seconds of history of its ports in a freeze frame.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
