import type { ProviderGrant } from '@medkit/accounts';
import type { Assignment } from './assignment.ts';

const ROLE_PREFIX = 'auth.oidc.role_map.';
const GRANT_PREFIX = 'auth.oidc.grant_map.';
/** Maximum mapped groups of each kind: a fleet has some dozens of teams. */
const MAX_MAPPED_GROUPS = 1000;
/** Limits of a grant, as for users of the hub. */
const MAX_LENGTHS: Readonly<Record<string, number>> = { role: 64, site: 128, group: 63 };
const EXAMPLE = 'such as robots-berlin-ops: {role: operator, site: berlin}';

/** What the groups of the identity provider may do. */
export interface ProviderGroups {
  /** Role of each group, for the whole fleet. */
  readonly roleMap: ReadonlyMap<string, string>;
  /** Grant of each group, at some robots of a fleet. */
  readonly grantMap: ReadonlyMap<string, ProviderGrant>;
}

/** Returns whether a key maps a group of the identity provider to a role or to a grant. */
export function isProviderGroupKey(key: string): boolean {
  return key.startsWith(ROLE_PREFIX) || key.startsWith(GRANT_PREFIX);
}

/** Reads the role and the grant of each group; of several assignments of a value, the last one applies. */
export function readProviderGroups(
  assignments: readonly Assignment[],
): ProviderGroups & { readonly refusals: readonly string[] } {
  const roleMap = new Map<string, string>();
  const grants = new Map<string, Record<string, string>>();
  const refusals: string[] = [];
  for (const { key, value, origin } of assignments) {
    const isText = typeof value === 'string' && value.trim() !== '';
    if (key.startsWith(GRANT_PREFIX)) {
      const [group, field] = partsOf(key);
      const max = field && Object.hasOwn(MAX_LENGTHS, field) ? MAX_LENGTHS[field] : undefined;
      if (group === '' || !max || !isText)
        refusals.push(`${key}: expected a group with a role, and a site or a group of robots, ${EXAMPLE} (${origin})`);
      else if (value.trim().length > max) refusals.push(`${key}: has more than ${max} characters (${origin})`);
      else grants.set(group, { ...grants.get(group), [field]: value.trim() });
      continue;
    }
    // A name of a group may contain dots.
    const group = key.slice(ROLE_PREFIX.length).normalize('NFC');
    if (group === '' || !isText)
      refusals.push(`${key}: expected a group with one role, such as robot-operators: operator (${origin})`);
    else roleMap.set(group, value.trim());
  }
  const grantMap = new Map<string, ProviderGrant>();
  for (const [group, { role, site, group: robots }] of grants) {
    if (role && (site || robots)) {
      grantMap.set(group, { role, ...(site && { site }), ...(robots && { group: robots }) });
    } else if (refusals.length === 0) {
      refusals.push(`auth.oidc.grant_map.${group}: needs a role, and a site or a group of robots, ${EXAMPLE}`);
    }
  }
  for (const [name, { size }] of [['role_map', roleMap] as const, ['grant_map', grants] as const]) {
    if (size > MAX_MAPPED_GROUPS)
      refusals.push(`auth.oidc.${name} has ${size} groups: the maximum is ${MAX_MAPPED_GROUPS}`);
  }
  return { roleMap, grantMap, refusals };
}

/** Splits the key of a grant at its last dot: a name of a group may contain dots, a member has none. */
function partsOf(key: string): readonly [group: string, field: string] {
  const text = key.slice(GRANT_PREFIX.length);
  const dot = text.lastIndexOf('.');
  return [text.slice(0, Math.max(dot, 0)).normalize('NFC'), text.slice(dot + 1)];
}
