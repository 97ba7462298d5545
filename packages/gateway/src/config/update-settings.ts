import type { Setting } from './setting.ts';

/** Settings of software updates. */
export const UPDATE_SETTINGS = {
  'updates.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Enables software updates, which need a plugin that installs them, or `updates.dir` or `updates.trusted_keys` for the built-in installer.',
  },
  'updates.dir': {
    type: 'text',
    default: '',
    defaultText: '`updates/incoming` in `data_dir`',
    since: '0.1.0',
    about: 'Folder for incoming artifacts, one subfolder each. The gateway only reads it.',
  },
  'updates.install_dir': {
    type: 'text',
    default: '',
    defaultText: '`updates/installed` in `data_dir`',
    since: '0.1.0',
    about:
      'Folder for installed releases: `releases/<id>`, and the link `current` to the release in use. The robot starts its software from `current`.',
  },
  'updates.target': {
    type: 'text',
    default: 'robot',
    since: '0.1.0',
    about:
      'Target that updates are installed on. An artifact for another target is refused, even with a valid signature.',
  },
  'updates.trusted_keys': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Public Ed25519 keys of trusted signers: PEM files, PEM texts, or base64. Empty: every update is refused.',
  },
  'updates.allow_unsigned': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Installs artifacts without a signature; an invalid signature is still refused. Has no effect if other machines can reach the gateway without a token.',
  },
  'updates.allow_downgrade': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Installs artifacts with a lower epoch than a release that was in use on this robot. If off, only `x-medkit-rollback` returns to an older release, which must have been in use and must still be stored.',
  },
  'updates.activate': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Program and arguments that run after `current` has changed, such as `systemctl, restart, robot.target`. The environment contains only `PATH`, `HOME` and `LANG`. An exit code other than 0 rolls the update back.',
  },
  'updates.activate_timeout_sec': {
    type: 'integer',
    default: 60,
    min: 1,
    max: 900,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Timeout of that program in seconds.',
  },
  'updates.gate_sec': {
    type: 'integer',
    default: 30,
    min: 0,
    max: 1800,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds without a new fault after which an update is final; a fault rolls it back.',
  },
  'updates.gate_severity': {
    type: 'integer',
    default: 2,
    min: 0,
    max: 3,
    outside: 'default',
    since: '0.1.0',
    about: 'Minimum severity of a confirmed fault that rolls an update back: 0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.',
  },
  'updates.keep_releases': {
    type: 'integer',
    default: 2,
    min: 1,
    max: 20,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Number of earlier releases that are stored in addition to the release in use.',
  },
  'updates.max_size_mb': {
    type: 'integer',
    default: 4096,
    min: 1,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum size of an artifact in MiB.',
  },
  'updates.step_timeout_sec': {
    type: 'integer',
    default: 3600,
    min: 60,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Timeout in seconds for preparing or executing an update.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/**
 * Returns whether a text is a key, and not a file name: PEM, or base64 of 32 bytes or of 44 with an algorithm prefix.
 */
export function isKeyText(text: string): boolean {
  return text.startsWith('-----BEGIN ') || /^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{59}=)$/.test(text);
}
