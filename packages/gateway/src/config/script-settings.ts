import type { Setting } from './setting.ts';

/** Settings of scripts. */
export const SCRIPT_SETTINGS = {
  'scripts.scripts_dir': {
    type: 'text',
    default: 'scripts',
    since: '0.1.0',
    about:
      'Folder of uploaded scripts and their executions; relative to `data_dir`. Empty: scripts are disabled. They are also disabled if other machines can reach the gateway without a token and without accounts.',
  },
  'scripts.allow_uploads': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Allows the upload of scripts. Scripts of the manifest run in any case.',
  },
  'scripts.max_file_size_mb': {
    type: 'integer',
    default: 10,
    min: 1,
    max: 100,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum size of an uploaded script in MiB.',
  },
  'scripts.max_concurrent_executions': {
    type: 'integer',
    default: 5,
    min: 1,
    max: 64,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of running scripts of all entities; further starts are answered with 429.',
  },
  'scripts.default_timeout_sec': {
    type: 'integer',
    default: 300,
    min: 1,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which an uploaded script is ended. The manifest sets the time of its scripts.',
  },
  'scripts.max_execution_history': {
    type: 'integer',
    default: 100,
    min: 1,
    max: 1000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of stored executions that have ended; the oldest are removed.',
  },
  'scripts.runner': {
    type: 'text',
    default: 'auto',
    since: '0.1.0',
    about:
      'Runner of scripts: `plain` runs them as the user of the gateway; `bubblewrap` confines them; `auto` confines them if the machine allows it; the name of a plugin uses only that plugin.',
  },
  'scripts.confined.network': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Gives confined scripts access to the network of the machine, which most diagnoses need: ROS, ping, the gateway.',
  },
  'scripts.confined.paths': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Folders and devices that confined scripts can use unchanged, such as `/dev/ttyUSB0` or a workspace.',
  },
  'scripts.confined.max_processes': {
    type: 'integer',
    default: 64,
    min: 4,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of processes of a confined script.',
  },
  'scripts.confined.max_memory_mb': {
    type: 'integer',
    default: 1024,
    min: 64,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum address space of each process of a confined script in MiB.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
