import type { Setting } from './setting.ts';

/** Settings of the history of the robot. */
export const HISTORY_SETTINGS = {
  'history.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Records changes of the entity tree, of known parameter values and of versions in `gateway.db`, so that `GET /x-medkit-at` shows the state at an earlier moment.',
  },
  'history.max_days': {
    type: 'integer',
    default: 30,
    min: 1,
    max: 3650,
    outside: 'clamp',
    special: { value: 0, meaning: 'unlimited' },
    since: '0.1.0',
    about: 'Number of days for which changes are stored.',
  },
  'history.max_rows': {
    type: 'integer',
    default: 100_000,
    min: 1000,
    max: 10_000_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Maximum number of stored changes, about 300 bytes each; beyond it, the oldest are removed. The state that they led to remains.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
