import { dirname, join } from 'node:path';
import { type Assignment, ConfigRefused, type Notice } from './assignment.ts';
import { type LoadedConfig, loadConfig } from './load-config.ts';
import type { ConfigReading, ConfigSources } from './read-sources.ts';
import { type Tenant, tenantList, tenantSchema } from './tenant-list.ts';
import { readYaml } from './yaml-source.ts';

/** Folder of the data of the tenants, in the data folder of the hub. */
const TENANTS_FOLDER = 'tenants';

/** Settings of the process and its listener, which all tenants share: a tenant cannot set them. */
const OF_PROCESS =
  /^(?:data_dir|server\.(?:host|port|allowed_hosts|trusted_proxies|keep_alive_timeout_sec|tls\.(?!client_map$).*)|fleet\.(?:enabled|schema|tenants|tenant_config_dir))$/;

/** Secrets and places of one tenant. In the configuration of the hub, all tenants would share them. */
const OF_TENANT =
  /^(?:server\.(?:token(?:_file)?|tls\.client_map)|metrics\.(?:token(?:_file)?|listen)|auth\.(?:users_file|clients_file|clients|jwt_secret.*)|fleet\.(?:secret_file|evidence|evidence_key_file|schema)|bulk_data\.storage_dir|scripts\.scripts_dir|updates\.(?:dir|install_dir)|record\.file|(?:fault_)?triggers\.storage\.path|fault_manager\.config_file|notify\.heartbeat_url(?:_file)?|aggregation\.(?:enabled|peer.*)|island\.enabled|discovery\.manifest_path)$/;

/** A tenant with its configuration. */
export interface LoadedTenant extends Tenant {
  readonly loaded: LoadedConfig;
}

/**
 * Loads the configuration of each tenant: that of the hub, which the file of the tenant overrides. Throws `ConfigRefused`
 * if one of them is invalid: the hub does not start then. Returns none if the hub has no tenants.
 */
export async function loadTenants(sources: ConfigSources, hub: ConfigReading): Promise<readonly LoadedTenant[]> {
  if (hub.values['fleet.tenants'].length === 0) return [];
  const refusals = [
    ...[...hub.origins].filter(([key]) => OF_TENANT.test(key)).map(([key, origin]) => `${key} (${origin})`),
    ...(hub.receivers.length > 0 ? ['notify.receivers'] : []),
    ...(hub.plugins.length > 0 ? ['plugins'] : []),
  ].map((what) => `${what} would be shared by all tenants: set it in the file of one, see fleet.tenant_config_dir`);
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  const tenants: LoadedTenant[] = [];
  for (const tenant of tenantList(hub.values['fleet.tenants'])) {
    try {
      tenants.push({ ...tenant, loaded: await loadTenant(tenant, sources, hub) });
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      refusals.push(...error.lines.map((line) => `tenant ${tenant.name}: ${line}`));
    }
  }
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return tenants;
}

async function loadTenant(tenant: Tenant, sources: ConfigSources, hub: ConfigReading): Promise<LoadedConfig> {
  const { values } = hub;
  const folder = values['fleet.tenant_config_dir'];
  const file = folder === '' ? undefined : join(folder, `${tenant.name}.yaml`);
  const text = file === undefined ? undefined : await sources.files.readText(file);
  const reading = file !== undefined && text !== undefined ? readYaml(text, file) : undefined;
  const ofProcess = reading?.assignments.filter(({ key }) => OF_PROCESS.test(key)) ?? [];
  if (ofProcess.length > 0) {
    throw new ConfigRefused(
      ofProcess.map(({ key, origin }) => `${key} applies to all tenants: set it for the hub (${origin})`),
    );
  }
  const set = (key: string, value: Assignment['value']): Assignment => ({ key, value, origin: 'fleet.tenants' });
  const url = values['server.public_url'];
  const notices: readonly Notice[] = reading?.notices ?? [];
  return loadConfig({
    ...sources,
    tenant: {
      working: file === undefined ? sources.folders.working : dirname(file),
      notices,
      assignments: [
        ...(url === '' ? [] : [set('server.public_url', withHost(url, tenant.hosts[0] as string))]),
        ...(reading?.assignments ?? []),
        set('data_dir', join(values.data_dir, TENANTS_FOLDER, tenant.name)),
        set('server.allowed_hosts', tenant.hosts),
        set('fleet.schema', tenantSchema(tenant.name)),
        set('fleet.tenants', []),
      ],
    },
  });
}

function withHost(url: string, host: string): string {
  const changed = new URL(url);
  changed.hostname = host;
  return changed.href;
}
