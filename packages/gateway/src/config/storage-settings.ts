import type { Setting } from './setting.ts';

/** Settings of the data that the gateway stores on disk. */
export const STORAGE_SETTINGS = {
  data_dir: {
    type: 'text',
    default: '',
    defaultText: '$XDG_DATA_HOME/medkit, or ~/.local/share/medkit',
    flag: 'data-dir',
    since: '0.1.0',
    about:
      'Folder for all persistent data of the gateway; created if it does not exist. A second gateway with the same folder does not start.',
  },
  'bulk_data.storage_dir': {
    type: 'text',
    default: '',
    defaultText: '`bulk_data` in `data_dir`',
    since: '0.1.0',
    about: 'Folder of uploaded files.',
  },
  'bulk_data.categories': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Categories for uploaded files, such as `maps`. Empty: uploads are disabled.',
  },
  'bulk_data.max_upload_size': {
    type: 'integer',
    default: 104_857_600,
    min: 1,
    max: 1_099_511_627_776,
    outside: 'default',
    special: { value: 0, meaning: 'no limit' },
    since: '0.1.0',
    about: 'Maximum size of an uploaded file in bytes.',
  },
  'bulk_data.max_total_size': {
    type: 'integer',
    default: 10_737_418_240,
    min: 1,
    max: 1_099_511_627_776,
    outside: 'default',
    special: { value: 0, meaning: 'no limit' },
    since: '0.1.0',
    about: 'Maximum total size of all uploaded files in bytes.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
