import type { Setting } from './setting.ts';

const required = {
  type: 'list',
  default: [],
  since: '0.1.0',
  about:
    'Collections that only the holder of a lock may change, such as `operations`, where the manifest says nothing.',
} as const;
const breakable = {
  type: 'boolean',
  default: true,
  since: '0.1.0',
  about: 'Whether another client may take a lock over with `break_lock`, where the manifest says nothing.',
} as const;

/** Settings of locks. */
export const LOCKING_SETTINGS = {
  'locking.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Let clients lock entities, so that nobody else changes them for a while.',
  },
  'locking.default_max_expiration': {
    type: 'integer',
    default: 3600,
    min: 1,
    max: 31_536_000,
    outside: 'default',
    since: '0.1.0',
    about: 'Seconds that a lock may last, where the manifest says nothing.',
  },
  'locking.cleanup_interval': {
    type: 'integer',
    default: 30,
    min: 1,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about: 'How often, in seconds, locks that have ended are removed and told of; they close nothing before that.',
  },
  'locking.defaults.components.lock_required_scopes': required,
  'locking.defaults.components.breakable': breakable,
  'locking.defaults.apps.lock_required_scopes': required,
  'locking.defaults.apps.breakable': breakable,
} as const satisfies Readonly<Record<string, Setting>>;
