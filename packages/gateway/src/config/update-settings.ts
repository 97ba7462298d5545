import type { Setting } from './setting.ts';

/** Settings of software updates. */
export const UPDATE_SETTINGS = {
  'updates.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Serve software updates, where a plugin installs them, or where `updates.dir` or `updates.trusted_keys` is set so that medkit does.',
  },
  'updates.dir': {
    type: 'text',
    default: '',
    defaultText: '`updates/incoming` in `data_dir`',
    since: '0.1.0',
    about: 'Folder in which artifacts are laid down, each a folder of its own. It is only read.',
  },
  'updates.install_dir': {
    type: 'text',
    default: '',
    defaultText: '`updates/installed` in `data_dir`',
    since: '0.1.0',
    about:
      'Folder of what is installed: `releases/<id>`, and `current`, the link to the one in use, which is what the robot starts its software from.',
  },
  'updates.target': {
    type: 'text',
    default: 'robot',
    since: '0.1.0',
    about: 'What is updated. An artifact for another target is refused, whoever signed it.',
  },
  'updates.trusted_keys': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Public Ed25519 keys of those whose artifacts are installed: PEM files, PEM texts, or base64. None: every update is refused.',
  },
  'updates.allow_unsigned': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Install artifacts without a signature, too; one that is wrong is refused all the same. It does not count where other machines reach the gateway without a token.',
  },
  'updates.allow_downgrade': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Install artifacts of a smaller epoch than one that was in use here, too. Without it an older release comes back only by `x-medkit-rollback`, and only where it was in use here and is kept.',
  },
  'updates.activate': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      "Program and arguments that are run when `current` leads elsewhere, such as `systemctl, restart, robot.target`, with nothing of the gateway's environment but `PATH`, `HOME` and `LANG`. An exit code other than 0 rolls the update back.",
  },
  'updates.activate_timeout_sec': {
    type: 'integer',
    default: 60,
    min: 1,
    max: 900,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds that this program may take.',
  },
  'updates.gate_sec': {
    type: 'integer',
    default: 30,
    min: 0,
    max: 1800,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds without a new fault after which an update stays; with one it is rolled back.',
  },
  'updates.gate_severity': {
    type: 'integer',
    default: 2,
    min: 0,
    max: 3,
    outside: 'default',
    since: '0.1.0',
    about: 'Least severity of a confirmed fault that rolls an update back: 0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.',
  },
  'updates.keep_releases': {
    type: 'integer',
    default: 2,
    min: 1,
    max: 20,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Releases that are kept besides the one in use, of those that were in use before.',
  },
  'updates.max_size_mb': {
    type: 'integer',
    default: 4096,
    min: 1,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Largest artifact that is installed, MiB.',
  },
  'updates.step_timeout_sec': {
    type: 'integer',
    default: 3600,
    min: 60,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds that preparing or executing an update may take.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/**
 * Returns whether a text is a key, and not a file name: PEM, or base64 of 32 bytes or of 44 with an algorithm prefix.
 */
export function isKeyText(text: string): boolean {
  return text.startsWith('-----BEGIN ') || /^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{59}=)$/.test(text);
}
