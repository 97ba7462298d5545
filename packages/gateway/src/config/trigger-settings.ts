import type { Setting } from './setting.ts';

/** Settings of triggers. */
export const TRIGGER_SETTINGS = {
  'triggers.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Lets clients create triggers, which send an event when a value, a fault or another resource changes.',
  },
  'triggers.max_triggers': {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 100_000,
    outside: 'default',
    since: '0.1.0',
    about: 'Maximum number of active triggers.',
  },
  'triggers.on_restart_behavior': {
    type: 'text',
    default: 'restore',
    since: '0.1.0',
    about: 'Handling of persistent triggers when the gateway starts: `restore` continues them, `reset` removes them.',
  },
  'triggers.storage.path': {
    type: 'text',
    default: '',
    defaultText: '`gateway.db` in `data_dir`',
    since: '0.1.0',
    about:
      'Database of persistent triggers. Triggers in a separate file have no webhooks. `:memory:` stores them only until the process exits.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
