import type { Setting } from './setting.ts';

/** RFC 6749, 3.3. */
const SCOPES = /^(?:[\x21\x23-\x5b\x5d-\x7e]+ )*openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** Settings of single sign-on at an identity provider (OpenID Connect). */
export const OIDC_SETTINGS = {
  'auth.oidc.issuer': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: {
      pattern:
        /^(?:https:\/\/[^\s?#@/]+(?:\/[^\s?#@]*)?|http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?(?:\/[^\s?#@]*)?)?$/,
      meaning: 'an https: address such as https://login.example.com/realms/robots (http: on this machine only)',
    },
    about:
      'Identity provider whose access tokens the gateway accepts, exactly as its tokens write it in `iss`. Also enables accounts.',
  },
  'auth.oidc.audience': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Name of this gateway at the identity provider, required in `aud` of every token: without it, tokens for other services would be accepted.',
  },
  'auth.oidc.role_claim': {
    type: 'text',
    default: 'groups',
    since: '0.1.0',
    matches: { pattern: /^.{1,200}$/su, meaning: 'a claim of 1 to 200 characters' },
    about:
      'Claim with the groups of an account: `groups`, `realm_access.roles`, or a JSON pointer such as `/realm_access/roles`.',
  },
  'auth.oidc.client_id': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Id of this gateway as a client of the identity provider. Users can then log in there with a browser. Requires `server.public_url`.',
  },
  'auth.oidc.client_secret': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about: 'Secret of that client; empty for a public client.',
  },
  'auth.oidc.client_secret_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'File with the secret of the client. The systemd credential `auth.oidc.client_secret` does the same.',
  },
  'auth.oidc.scope': {
    type: 'text',
    default: 'openid',
    since: '0.1.0',
    matches: { pattern: SCOPES, meaning: 'a list of scopes with openid, separated by one space' },
    about: 'Scopes of a login with a browser. Some providers need another one for groups: `openid groups`.',
  },
  'auth.oidc.cli_client_id': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Id of the `medkit` command as a public client of the identity provider, with the device authorization grant. Enables `medkit login --oidc`.',
  },
  'auth.oidc.cli_scope': {
    type: 'text',
    default: 'openid offline_access',
    since: '0.1.0',
    matches: { pattern: SCOPES, meaning: 'a list of scopes with openid, separated by one space' },
    about:
      'Scopes of `medkit login --oidc`. With `offline_access`, most providers return a refresh token, with which a login outlasts its access token.',
  },
  'auth.oidc.refresh': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Store the refresh token of a login with a browser, encrypted, and read the groups of its web session again each 15 minutes. The token is revoked when the session ends.',
  },
  'auth.oidc.session_life_sec': {
    type: 'integer',
    default: 43_200,
    min: 60,
    max: 31_536_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Seconds after which a web session of an account of the identity provider ends. Without `auth.oidc.refresh`, it has the groups of the login until then.',
  },
  'auth.oidc.offline_max_sec': {
    type: 'integer',
    default: 604_800,
    min: 600,
    max: 31_536_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Maximum age in seconds of the stored keys of the identity provider, with which the gateway checks tokens while it cannot reach the provider.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
