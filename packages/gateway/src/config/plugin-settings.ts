import type { Setting } from './setting.ts';

/** The setting that lists plugins; the settings of each plugin are below `plugins.<name>`. */
export const PLUGIN_SETTINGS = {
  plugins: {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Plugins by name, in the order in which they are loaded. The options of each plugin are below `plugins.<name>`.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
