import type { Setting } from './setting.ts';

/** Settings of threshold rules that raise faults from data. */
export const FAULT_TRIGGER_SETTINGS = {
  'fault_triggers.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Watch the threshold rules that clients make for the data of apps.',
  },
  'fault_triggers.poll_interval_ms': {
    type: 'integer',
    default: 1000,
    min: 50,
    max: 3_600_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'How often the values that rules watch are read, milliseconds.',
  },
  'fault_triggers.storage.path': {
    type: 'text',
    default: '',
    defaultText: '`gateway.db` in `data_dir`',
    since: '0.1.0',
    about: 'Database of the rules, made with the first one. `:memory:` forgets them with the process.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
