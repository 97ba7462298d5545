import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

/** A tenant of a hub. */
export interface Tenant {
  readonly name: string;
  /** Host names by which clients choose it, in lower case. The first one is in links. */
  readonly hosts: readonly string[];
}

/** Maximum tenants of one process: each is a whole hub, with several megabytes and open files. */
export const MAX_TENANTS = 100;
/** Maximum host names of a tenant: each request is compared with a table of all. */
export const MAX_TENANT_HOSTS = 20;
/** PostgreSQL shortens longer names, so that two could be equal. */
const MAX_SCHEMA_LENGTH = 54;

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const EXAMPLE = 'Example: berlin = berlin.hub.example';

const isHost = (host: string): boolean => host.length <= 253 && host.split('.').every((label) => LABEL.test(label));

/** Returns a host name as tenants compare it: in lower case, without the dot at its end. */
export const hostKey = (host: string): string => host.toLowerCase().replace(/\.$/, '');

/** Returns the tenants of `fleet.tenants`, in its order. */
export const tenantList = (entries: readonly string[]): readonly Tenant[] =>
  entries.map((entry) => {
    const [name = '', hosts = ''] = entry.split('=', 2);
    return { name: name.trim(), hosts: hosts.trim().split(/\s+/).filter(Boolean).map(hostKey) };
  });

/** Returns the schema of a tenant. The schemas of two tenants, with the suffixes of their parts, differ. */
export const tenantSchema = (name: string): string => `medkit_t_${name.replaceAll('-', '__')}`;
/** Returns the tenant with this schema; `undefined` if no tenant has it. */
export const tenantOfSchema = (schema: string): string | undefined =>
  /^medkit_t_(.+)$/.exec(schema)?.[1]?.replaceAll('__', '-');

/** Checks `fleet.tenants`. Throws `ConfigRefused` with each problem and its remedy. */
export function validateTenants(config: FlatConfig): readonly Notice[] {
  const entries = config['fleet.tenants'];
  if (entries.length > MAX_TENANTS)
    throw new ConfigRefused([`fleet.tenants has ${entries.length} entries: the maximum is ${MAX_TENANTS}`]);
  const refusals: string[] = [];
  const owners = new Map<string, string>();
  const names = new Set<string>();
  for (const [index, { name, hosts }] of tenantList(entries).entries()) {
    const refuse = (problem: string) => refusals.push(`fleet.tenants: "${entries[index]}" ${problem}`);
    if (!NAME.test(name)) refuse(`needs a name of 1 to 31 lower-case letters, digits and dashes. ${EXAMPLE}`);
    else if (tenantSchema(name).length > MAX_SCHEMA_LENGTH) refuse('has too many dashes in its name: use fewer');
    else if (names.has(name)) refuse('has the name of another tenant: choose a different one');
    names.add(name);
    if (hosts.length === 0 || hosts.length > MAX_TENANT_HOSTS)
      refuse(`needs 1 to ${MAX_TENANT_HOSTS} host names. ${EXAMPLE}`);
    for (const host of hosts) {
      const owner = owners.get(host);
      if (!isHost(host)) refuse(`has "${host}", which is not a host name. ${EXAMPLE}`);
      else if (owner !== undefined) refuse(`has the host name ${host} of ${owner}: a host name has one tenant`);
      owners.set(host, name);
    }
  }
  if (entries.length > 0 && (!config['fleet.enabled'] || config['ros.enabled']))
    refusals.push('fleet.tenants is for fleet hubs: start it with "medkit hub"');
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return [];
}
