import type { Setting } from './setting.ts';

/** Settings of a runtime outside of ROS that reports through the ingest. */
export const ISLAND_SETTINGS = {
  'island.enabled': {
    type: 'boolean',
    default: false,
    since: '0.3.0',
    about:
      'Show a runtime outside of ROS, such as a safety controller, that tells by the ingest what it is and how it is (docs/ingest.md).',
  },
  'island.listen': {
    type: 'text',
    default: 'udp:127.0.0.1:7799',
    since: '0.3.0',
    about:
      'Where its messages are taken in: `udp:` with an address of loopback and a port, or `unix:` with the path of a socket (0660).',
  },
  'island.key_file': {
    type: 'text',
    default: '',
    since: '0.3.0',
    about:
      'File with the key that its messages are authenticated with, 64 hex digits: `openssl rand -hex 32`. Over UDP there must be one.',
  },
  'island.silent_ms': {
    type: 'integer',
    default: 250,
    min: 20,
    max: 60_000,
    outside: 'clamp',
    since: '0.3.0',
    about: 'Milliseconds without a message after which its values are old, and the fault `INGEST_SILENT` is reported.',
  },
  'island.history_sec': {
    type: 'number',
    default: 5,
    min: 0.1,
    max: 60,
    outside: 'clamp',
    since: '0.3.0',
    about: 'Seconds of its ports that a freeze frame shows.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
