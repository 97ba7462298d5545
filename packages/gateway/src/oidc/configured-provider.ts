import { resolve } from 'node:path';
import type { ProviderTokens, Roles } from '@medkit/accounts';
import { providerTokens } from '@medkit/accounts/provider';
import type { Log } from '@medkit/core';
import type { Clock, Files, HttpClient, WritableFiles } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';
import { publishedKeys } from './published-keys.ts';

export interface ConfiguredProviderOptions {
  readonly config: Pick<GatewayConfig, 'auth' | 'data_dir' | 'roleMap'>;
  readonly roles: Roles;
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** Returns the configured identity provider. Throws `StartRefused` if a group is mapped to an unknown role. */
export function configuredProvider(options: ConfiguredProviderOptions): ProviderTokens {
  const { config, roles, files, http, clock, log } = options;
  const { issuer, audience, role_claim: roleClaim, offline_max_sec } = config.auth.oidc;
  const { roleMap } = config;
  for (const [group, role] of roleMap) {
    if (roles.permissionsOf(role)) continue;
    throw new StartRefused(
      `auth.oidc.role_map maps the group "${group}" to the role "${role}", which does not exist: choose one of ${roles.names.join(', ')}`,
    );
  }
  const file = resolve(config.data_dir, 'identity-provider.json');
  const keys = publishedKeys({ issuer, file, files, http, clock, log, offlineMaxMs: offline_max_sec * 1000 });
  return providerTokens({ issuer, audience, roleClaim, roleMap, keys, roles, clock });
}
