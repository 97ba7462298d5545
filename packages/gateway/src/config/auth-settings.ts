import type { Setting } from './setting.ts';

/** Settings of accounts and permissions. Keys that ros2_medkit also has are named as there. */
export const AUTH_SETTINGS = {
  'auth.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Enables accounts: users, API keys, and tokens for clients. Also enabled by `auth.users_file`, and after `medkit auth init` has created a user.',
  },
  'auth.require_auth_for': {
    type: 'text',
    default: '',
    since: '0.1.0',
    defaultText: '`write` with `auth.enabled`, else `all`',
    matches: { pattern: /^(?:none|write|all)?$/i, meaning: 'none, write or all' },
    about:
      'Requests that need a credential if accounts are enabled: `none`, `write` (reading needs none) or `all`. `server.token` requires it for all.',
  },
  'auth.users_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'YAML file with users for robot images: `users: [{name: alice, role: operator, password: $argon2id$…}]`, with hashes from `medkit auth hash`. SIGHUP reloads it.',
  },
  'auth.setup': {
    type: 'boolean',
    default: false,
    flag: 'setup',
    variable: 'MEDKIT_SETUP',
    since: '0.1.0',
    about:
      'Lets you create the first user in the web UI, with a code from the log, for half an hour. Until then, the gateway serves nothing else to other machines.',
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
    about: 'File with more such programs, one per line. The systemd credential `auth.clients` does the same.',
  },
  'auth.compat_roles': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Gives viewer, operator and configurator the permissions of ros2_medkit: a viewer cannot create subscriptions and triggers; a configurator can upload scripts and cannot read the audit log.',
  },
  'auth.jwt_algorithm': {
    type: 'text',
    default: 'HS256',
    since: '0.1.0',
    matches: { pattern: /^(?:HS256|RS256|EdDSA)$/i, meaning: 'HS256, RS256 or EdDSA' },
    about:
      'Signature algorithm of tokens; no other is accepted. Without `auth.jwt_secret` it is `EdDSA`, with a key that the gateway generates.',
  },
  'auth.jwt_secret': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about: 'For `HS256` the secret, at least 32 characters; for `RS256` the file with the private key.',
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
    about: 'Issuer of tokens; tokens with another issuer are refused.',
  },
  'auth.token_expiry_seconds': {
    type: 'integer',
    default: 3600,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Lifetime of an access token in seconds.',
  },
  'auth.refresh_token_expiry_seconds': {
    type: 'integer',
    default: 86_400,
    min: 1,
    max: 2_147_483_647,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Lifetime of a refresh token in seconds; at least `auth.token_expiry_seconds`.',
  },
  'auth.refresh_rotation': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'A refresh token can be used once; if it is used again, all tokens of its login are revoked. If off, it stays the same, as in ros2_medkit.',
  },
  'auth.session_idle_sec': {
    type: 'integer',
    default: 28_800,
    min: 60,
    max: 31_536_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds without a request after which a web session ends.',
  },
  'auth.session_life_sec': {
    type: 'integer',
    default: 604_800,
    min: 60,
    max: 31_536_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which a web session ends in any case.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
