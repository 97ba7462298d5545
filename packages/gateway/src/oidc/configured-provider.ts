import { hkdfSync } from 'node:crypto';
import { resolve } from 'node:path';
import type { ProviderTokens, Roles } from '@medkit/accounts';
import { providerTokens } from '@medkit/accounts/provider';
import { API_BASE, type DeviceLogin } from '@medkit/contract';
import type { Log } from '@medkit/core';
import type { Clock, Files, HttpClient, Random, WritableFiles } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import { publicUrl } from '../http/public-url.ts';
import { StartRefused } from '../listen.ts';
import { publishedKeys } from './published-keys.ts';
import type { SingleSignOn } from './single-sign-on.ts';

export interface ConfiguredProviderOptions {
  readonly config: Pick<GatewayConfig, 'auth' | 'data_dir' | 'grantMap' | 'roleMap' | 'server'>;
  readonly roles: Roles;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The identity provider of a gateway. */
export interface ConfiguredProvider {
  readonly tokens: ProviderTokens;
  /** The registration of the command line; `undefined` if it is not configured. */
  readonly deviceLogin: DeviceLogin | undefined;
  /** Returns the log-in of users in a browser; `undefined` if it is not configured. `key` encrypts its cookies. */
  singleSignOn(key: Uint8Array): Promise<SingleSignOn | undefined>;
}

/** Returns the configured identity provider. Throws `StartRefused` if a group is mapped to an unknown role. */
export function configuredProvider(options: ConfiguredProviderOptions): ConfiguredProvider {
  const { config, roles, files, http, clock, random, log } = options;
  const { issuer, audience, role_claim: roleClaim, offline_max_sec, ...oidc } = config.auth.oidc;
  const { roleMap, grantMap } = config;
  const mapped = [
    ...[...roleMap].map(([group, role]) => ['role_map', group, role] as const),
    ...[...grantMap].map(([group, { role }]) => ['grant_map', group, role] as const),
  ];
  for (const [map, group, role] of mapped) {
    if (roles.permissionsOf(role)) continue;
    throw new StartRefused(
      `auth.oidc.${map} maps the group "${group}" to the role "${role}", which does not exist: choose one of ${roles.names.join(', ')}`,
    );
  }
  const file = resolve(config.data_dir, 'identity-provider.json');
  const keys = publishedKeys({ issuer, file, files, http, clock, log, offlineMaxMs: offline_max_sec * 1000 });
  const tokens = providerTokens({ issuer, audience, roleClaim, roleMap, grantMap, keys, roles, clock });
  return {
    tokens,
    deviceLogin:
      oidc.cli_client_id === ''
        ? undefined
        : { issuer, client_id: oidc.cli_client_id, audience, scope: oidc.cli_scope },
    singleSignOn: async (key) => {
      if (oidc.client_id === '') return undefined;
      const { singleSignOn } = await import('./single-sign-on.ts');
      const { textSeal } = await import('./sealed-text.ts');
      // With the secret of the client, a copy of the database alone does not disclose the tokens.
      const tokenKey = () => new Uint8Array(hkdfSync('sha256', oidc.client_secret, key, 'refresh tokens', 32));
      const url = publicUrl(config) ?? '';
      return singleSignOn({
        ...{ issuer, scope: oidc.scope, document: keys.document, logins: tokens, http, clock, random, key, log },
        client: {
          clientId: oidc.client_id,
          clientSecret: oidc.client_secret,
          redirectUri: `${url}${API_BASE}/auth/oidc/callback`,
          homeUri: `${url}/`,
        },
        tokens: oidc.refresh ? textSeal(tokenKey(), random) : undefined,
        home: `${new URL(url).pathname.replace(/\/$/, '')}/`,
        sessionMs: oidc.session_life_sec * 1000,
      });
    },
  };
}
