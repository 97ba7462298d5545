import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';
import type { ProviderGroups } from './oidc-groups.ts';

/** Checks rules across the settings of single sign-on. Throws `ConfigRefused` if one is broken. */
export function validateOidc(config: FlatConfig, { roleMap, grantMap }: ProviderGroups): readonly Notice[] {
  const { 'auth.oidc.issuer': issuer, 'auth.oidc.audience': audience, 'auth.oidc.client_id': clientId } = config;
  const mapped = roleMap.size + grantMap.size;
  const isUsed = audience !== '' || clientId !== '' || config['auth.oidc.cli_client_id'] !== '' || mapped > 0;
  if (issuer === '') {
    if (!isUsed) return [];
    throw new ConfigRefused(['auth.oidc.issuer is not set: single sign-on needs the address of the identity provider']);
  }
  const refusals = [
    ...(URL.canParse(issuer) ? [] : [`auth.oidc.issuer: "${issuer}" is not a valid address`]),
    ...(issuer === config['auth.issuer']
      ? ['auth.oidc.issuer equals auth.issuer, which is the issuer of the tokens of this gateway: change one']
      : []),
    ...(audience === ''
      ? ['auth.oidc.audience is not set: without it, every token of the identity provider would be accepted']
      : []),
    ...(mapped === 0
      ? ['auth.oidc.role_map is empty: map at least one group to a role, such as robot-operators: operator']
      : []),
    ...(grantMap.size > 0 && !config['fleet.enabled']
      ? [
          'auth.oidc.grant_map is only for a fleet hub (fleet.enabled): on another gateway, give the groups a role in auth.oidc.role_map',
        ]
      : []),
    ...(clientId !== '' && config['server.public_url'] === ''
      ? ['server.public_url is not set: the identity provider needs it to return to the gateway (auth.oidc.client_id)']
      : []),
    ...(clientId === '' && config['auth.oidc.client_secret'] !== ''
      ? ['auth.oidc.client_id is not set, although auth.oidc.client_secret is']
      : []),
  ];
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return [];
}
