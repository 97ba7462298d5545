import type { Setting } from './setting.ts';

/** Settings of threshold rules that raise faults from data. */
export const FAULT_TRIGGER_SETTINGS = {
  'fault_triggers.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Evaluates the threshold rules that clients create for the data of apps.',
  },
  'fault_triggers.poll_interval_ms': {
    type: 'integer',
    default: 1000,
    min: 50,
    max: 3_600_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Interval in milliseconds at which rules read their values.',
  },
  'fault_triggers.storage.path': {
    type: 'text',
    default: '',
    defaultText: '`gateway.db` in `data_dir`',
    since: '0.1.0',
    about: 'Database of the rules, created with the first rule. `:memory:` stores them only until the process exits.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
