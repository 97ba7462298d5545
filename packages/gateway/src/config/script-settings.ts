import type { Setting } from './setting.ts';

/** Settings of scripts. */
export const SCRIPT_SETTINGS = {
  'scripts.scripts_dir': {
    type: 'text',
    default: 'scripts',
    since: '0.1.0',
    about:
      'Folder of uploaded scripts, below which they also work; relative paths start from `data_dir`. Empty: no scripts. There are none either where other machines reach the gateway without a token.',
  },
  'scripts.allow_uploads': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Whether scripts can be uploaded; those of the manifest run either way.',
  },
  'scripts.max_file_size_mb': {
    type: 'integer',
    default: 10,
    min: 1,
    max: 100,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Largest script that can be uploaded, MiB.',
  },
  'scripts.max_concurrent_executions': {
    type: 'integer',
    default: 5,
    min: 1,
    max: 64,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Scripts that run at a time, of all entities; one more answers 429.',
  },
  'scripts.default_timeout_sec': {
    type: 'integer',
    default: 300,
    min: 1,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which an uploaded script is ended; those of the manifest have their own.',
  },
  'scripts.max_execution_history': {
    type: 'integer',
    default: 100,
    min: 1,
    max: 1000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Executions that are remembered after their end; the oldest are forgotten.',
  },
  'scripts.runner': {
    type: 'text',
    default: 'auto',
    since: '0.1.0',
    about:
      'What runs scripts: `plain`, as the user of the gateway; `bubblewrap`, confined; `auto`, confined where the machine allows it; or the name of a plugin that runs scripts, and then nothing else does.',
  },
  'scripts.confined.network': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Whether confined scripts have the network of the machine, which a diagnosis mostly needs: ROS, ping, the gateway.',
  },
  'scripts.confined.paths': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Folders and devices that confined scripts have as they are, such as `/dev/ttyUSB0` or a workspace.',
  },
  'scripts.confined.max_processes': {
    type: 'integer',
    default: 64,
    min: 4,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Processes of a confined script at a time.',
  },
  'scripts.confined.max_memory_mb': {
    type: 'integer',
    default: 1024,
    min: 64,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Address space of each process of a confined script, MiB.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
