import type { Setting } from './setting.ts';

const required = {
  type: 'list',
  default: [],
  since: '0.1.0',
  about: 'Collections that only the holder of a lock may change, such as `operations`. The manifest takes precedence.',
} as const;
const breakable = {
  type: 'boolean',
  default: true,
  since: '0.1.0',
  about: 'Allows another client to take a lock over with `break_lock`. The manifest takes precedence.',
} as const;

/** Settings of locks. */
export const LOCKING_SETTINGS = {
  'locking.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Lets clients lock entities, so that no other client can change them for a limited time.',
  },
  'locking.default_max_expiration': {
    type: 'integer',
    default: 3600,
    min: 1,
    max: 31_536_000,
    outside: 'default',
    since: '0.1.0',
    about: 'Maximum duration of a lock in seconds. The manifest takes precedence.',
  },
  'locking.cleanup_interval': {
    type: 'integer',
    default: 30,
    min: 1,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Interval in seconds at which expired locks are removed and reported. An expired lock blocks no requests before it is removed.',
  },
  'locking.defaults.components.lock_required_scopes': required,
  'locking.defaults.components.breakable': breakable,
  'locking.defaults.apps.lock_required_scopes': required,
  'locking.defaults.apps.breakable': breakable,
} as const satisfies Readonly<Record<string, Setting>>;
