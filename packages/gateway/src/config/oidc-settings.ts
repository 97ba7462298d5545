import type { Setting } from './setting.ts';

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
