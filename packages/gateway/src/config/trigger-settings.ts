import type { Setting } from './setting.ts';

/** Settings of triggers. */
export const TRIGGER_SETTINGS = {
  'triggers.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Let clients make triggers, which tell when a value, a fault or something else changes.',
  },
  'triggers.max_triggers': {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 100_000,
    outside: 'default',
    since: '0.1.0',
    about: 'Triggers that may be active at a time.',
  },
  'triggers.on_restart_behavior': {
    type: 'text',
    default: 'restore',
    since: '0.1.0',
    about:
      'What becomes of persistent triggers when the gateway starts: `restore` lets them go on, `reset` removes them.',
  },
  'triggers.storage.path': {
    type: 'text',
    default: '',
    defaultText: '`gateway.db` in `data_dir`',
    since: '0.1.0',
    about:
      'Database of persistent triggers. In a file of their own they have no webhooks. `:memory:` forgets them with the process.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
