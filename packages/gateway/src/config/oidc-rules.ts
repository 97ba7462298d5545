import { type Assignment, ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

const ROLE_PREFIX = 'auth.oidc.role_map.';
/** Maximum mapped groups: a fleet has some dozens of teams. */
const MAX_MAPPED_GROUPS = 1000;

/** Returns whether a key maps a group of the identity provider to a role. */
export function isRoleMapKey(key: string): boolean {
  return key.startsWith(ROLE_PREFIX);
}

/** Reads the role of each group; of several assignments of a group, the last one applies. */
export function readRoleMap(assignments: readonly Assignment[]): {
  readonly roleMap: ReadonlyMap<string, string>;
  readonly refusals: readonly string[];
} {
  const roleMap = new Map<string, string>();
  const refusals: string[] = [];
  for (const { key, value, origin } of assignments) {
    // A name of a group may contain dots.
    const group = key.slice(ROLE_PREFIX.length).normalize('NFC');
    if (group === '' || typeof value !== 'string' || value.trim() === '')
      refusals.push(`${key}: expected a group with one role, such as robot-operators: operator (${origin})`);
    else roleMap.set(group, value.trim());
  }
  if (roleMap.size > MAX_MAPPED_GROUPS)
    refusals.push(`auth.oidc.role_map has ${roleMap.size} groups: the maximum is ${MAX_MAPPED_GROUPS}`);
  return { roleMap, refusals };
}

/** Checks rules across the settings of single sign-on. Throws `ConfigRefused` if one is broken. */
export function validateOidc(config: FlatConfig, roleMap: ReadonlyMap<string, string>): readonly Notice[] {
  const { 'auth.oidc.issuer': issuer, 'auth.oidc.audience': audience, 'auth.oidc.client_id': clientId } = config;
  const isUsed = audience !== '' || clientId !== '' || config['auth.oidc.cli_client_id'] !== '' || roleMap.size > 0;
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
    ...(roleMap.size === 0
      ? ['auth.oidc.role_map is empty: map at least one group to a role, such as robot-operators: operator']
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
