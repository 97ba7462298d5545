import type { Setting } from './setting.ts';

/** Settings of accounts and permissions. Keys that ros2_medkit also has are named as there. */
export const AUTH_SETTINGS = {
  'auth.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Have accounts: users, API keys, and tokens for clients. They are also there with `auth.users_file`, and once `medkit auth init` has made a user.',
  },
  'auth.require_auth_for': {
    type: 'text',
    default: '',
    since: '0.1.0',
    defaultText: '`write` with `auth.enabled`, else `all`',
    matches: { pattern: /^(?:none|write|all)?$/i, meaning: 'none, write or all' },
    about:
      'For what who asks has to say who it is, where there are accounts: `none`, `write` (reading is for all) or `all`. `server.token` wants it for all.',
  },
  'auth.users_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'YAML file with users for images of robots: `users: [{name: alice, role: operator, password: $argon2id$…}]`, as `medkit auth hash` makes it. Read again with SIGHUP.',
  },
  'auth.setup': {
    type: 'boolean',
    default: false,
    flag: 'setup',
    variable: 'MEDKIT_SETUP',
    since: '0.1.0',
    about:
      'Let the first user be made at the page of the gateway, with a code that its log tells, for half an hour. Nothing else is served to others until then.',
  },
  'auth.clients': {
    type: 'list',
    default: [],
    secret: true,
    since: '0.1.0',
    about: 'Programs that get tokens at `POST /auth/authorize`, each as `id:secret:role`.',
  },
  'auth.clients_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'File with more of them, one in a line. The systemd credential `auth.clients` does the same.',
  },
  'auth.compat_roles': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Let viewer, operator and configurator do what they may do with ros2_medkit: a viewer makes no subscriptions and triggers, a configurator uploads scripts and does not read the audit log.',
  },
  'auth.jwt_algorithm': {
    type: 'text',
    default: 'HS256',
    since: '0.1.0',
    matches: { pattern: /^(?:HS256|RS256|EdDSA)$/i, meaning: 'HS256, RS256 or EdDSA' },
    about:
      'What tokens are signed with, and with nothing else. Without `auth.jwt_secret` it is `EdDSA`, with a key that the gateway makes for itself.',
  },
  'auth.jwt_secret': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about: 'For `HS256` the secret, 32 characters or more; for `RS256` the file with the private key.',
  },
  'auth.jwt_secret_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'File with the secret of `HS256`. The systemd credential `auth.jwt_secret` does the same.',
  },
  'auth.jwt_public_key': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'For `RS256`: the file with the public key.',
  },
  'auth.issuer': {
    type: 'text',
    default: 'ros2_medkit_gateway',
    since: '0.1.0',
    about: 'What tokens say of who issued them; no others are taken.',
  },
  'auth.token_expiry_seconds': {
    type: 'integer',
    default: 3600,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Seconds for which an access token is good.',
  },
  'auth.refresh_token_expiry_seconds': {
    type: 'integer',
    default: 86_400,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Seconds for which a refresh token is good; no less than `auth.token_expiry_seconds`.',
  },
  'auth.refresh_rotation': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'A refresh token is good once, and one that comes a second time ends its whole login. Off: it stays the same, as with ros2_medkit.',
  },
  'auth.session_idle_sec': {
    type: 'integer',
    default: 28_800,
    min: 60,
    max: 31_536_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which the session of a page ends that nobody uses.',
  },
  'auth.session_life_sec': {
    type: 'integer',
    default: 604_800,
    min: 60,
    max: 31_536_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which it ends in any case.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
