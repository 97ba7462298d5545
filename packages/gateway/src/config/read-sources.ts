import { dirname, join } from 'node:path';
import { nearestName } from '@medkit/documents';
import type { FileState, Files } from '@medkit/edges';
import { type Assignment, ConfigRefused, type Notice, type SourceReading } from './assignment.ts';
import { compatAssignments, compatNotices } from './compat-profile.ts';
import { isPluginKey, type PluginSettings, pluginPath, readPluginSettings } from './configured-plugins.ts';
import { validateVitalSigns } from './declared-signs.ts';
import { CONFIG_VARIABLE, readEnvironment } from './environment-source.ts';
import { validateExposure } from './exposure.ts';
import { type FlagValues, readFlags } from './flag-source.ts';
import { absolutePath, defaultDataFolder, type Folders } from './folders.ts';
import type { FlatConfig } from './gateway-config.ts';
import { type HubListReading, isHubKey, readHubList } from './hub-list.ts';
import { validateIssueRules } from './issue-rules.ts';
import { validateMetricValues } from './metric-values.ts';
import { validateNats } from './nats-rules.ts';
import { newerVersionKeys, REMOVED_KEYS } from './newer-version-keys.ts';
import { isProviderGroupKey, type ProviderGroups, readProviderGroups } from './oidc-groups.ts';
import { validateOidc } from './oidc-rules.ts';
import { validateRateLimits } from './rate-limits.ts';
import { isReceiverKey } from './receiver-keys.ts';
import type { ReceiverReading } from './receiver-settings.ts';
import { isRoleKey, type RoleSettings, readRoleSettings } from './role-settings.ts';
import { readCredentials, secretNotices, secretsOf } from './secret-sources.ts';
import { findSetting, SETTING_ROWS, SETTINGS } from './settings.ts';
import { validateStandby } from './standby-rules.ts';
import { validateTenants } from './tenant-list.ts';
import { isKeyText } from './update-settings.ts';
import { validateValue } from './validate-value.ts';
import { readYaml } from './yaml-source.ts';

export interface ConfigSources {
  readonly files: Pick<Files, 'readText' | 'stateOf'>;
  readonly folders: Folders;
  readonly flags: FlagValues;
  /** Read if it exists and no file is named by `--config` or `MEDKIT_CONFIG`. */
  readonly defaultFile?: string;
  /** Settings of one tenant of a hub, which override all others. */
  readonly tenant?: SourceReading & { readonly working: string };
}

async function readFile({ files, folders, flags, defaultFile }: ConfigSources) {
  const named = (flags.config as string | undefined) || folders.environment[CONFIG_VARIABLE];
  const file = named ? absolutePath(named, folders) : defaultFile;
  // Read first: a change during the start then counts as a later change.
  const state = file === undefined ? undefined : await files.stateOf(file);
  const text = file === undefined ? undefined : await files.readText(file);
  if (named && text === undefined) throw new ConfigRefused([`the configuration file ${file} does not exist`]);
  return text === undefined || file === undefined ? undefined : { file, state, ...readYaml(text, file) };
}

/** Returns one notice for all unused keys of a section: an existing file may have dozens of them. */
function noticesOfLaterKeys(assignments: readonly Assignment[]): readonly Notice[] {
  const sections = Map.groupBy(assignments, ({ key }) => key.split('.', 1)[0]);
  return [...sections.values()].map((group) => ({
    level: 'warning' as const,
    text: `${group.map(({ key }) => key).join(', ')}: not used by this version (${group[0].origin})`,
  }));
}

function noticeOfUnknownKey({ key, origin }: Assignment): Notice {
  const nearest = nearestName(key, [...Object.keys(SETTINGS), ...newerVersionKeys]);
  const advice = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return { level: 'warning', text: `${key}: no such setting (${origin}).${advice}` };
}

/** Sorts the assignments into effective values and notices about the rest. The last source that names a key wins. */
function sortAssignments(assignments: readonly Assignment[]) {
  const chosen = new Map<string, Assignment>();
  const later: Assignment[] = [];
  const ofPlugins: Assignment[] = [];
  const ofRoles: Assignment[] = [];
  const ofGroups: Assignment[] = [];
  const ofReceivers: Assignment[] = [];
  const ofHubs: Assignment[] = [];
  const notices: Notice[] = [];
  for (const assignment of assignments) {
    const { key, origin } = assignment;
    if (findSetting(key) !== undefined) chosen.set(key, assignment);
    else if (Object.hasOwn(REMOVED_KEYS, key)) {
      notices.push({ level: 'warning', text: `${key} was removed: ${REMOVED_KEYS[key]} (${origin})` });
    } else if (isPluginKey(key)) ofPlugins.push(assignment);
    else if (isRoleKey(key)) ofRoles.push(assignment);
    else if (isProviderGroupKey(key)) ofGroups.push(assignment);
    else if (isReceiverKey(key)) ofReceivers.push(assignment);
    else if (isHubKey(key)) ofHubs.push(assignment);
    else if (newerVersionKeys.has(key)) later.push(assignment);
    else notices.push(noticeOfUnknownKey(assignment));
  }
  return {
    ...{ chosen, ofPlugins, ofRoles, ofGroups, ofReceivers, ofHubs },
    notices: [...notices, ...noticesOfLaterKeys(later)],
  };
}

/** The result of reading all sources, also if the gateway must not start with it. */
export interface ConfigReading extends ProviderGroups {
  /** Complete; a setting with a refused value has its default. */
  readonly values: FlatConfig;
  /** Settings of each plugin. */
  readonly plugins: readonly PluginSettings[];
  /** Settings of roles, by name. */
  readonly roles: Readonly<Record<string, RoleSettings>>;
  /** Receivers of notifications, and their settings for display; without invalid ones. */
  readonly receivers: ReceiverReading['receivers'];
  readonly receiverRows: ReceiverReading['rows'];
  /** Settings of each fleet hub if `hub` is a list, and for display. */
  readonly hubs: HubListReading['hubs'];
  readonly hubRows: HubListReading['rows'];
  /** Where the value of each configured setting comes from. */
  readonly origins: ReadonlyMap<string, string>;
  /** Warnings and errors about values that were replaced. */
  readonly notices: readonly Notice[];
  /** Reasons why the gateway must not start. */
  readonly refusals: readonly string[];
  /** Remarks on the effects of valid values. */
  readonly remarks: readonly Notice[];
  readonly file: string | undefined;
  /** State of that file before it was read. */
  readonly fileState: FileState | undefined;
}

/**
 * Reads the sources: defaults, then the file, credentials, the environment and the flags; later ones override earlier
 * ones. Every ignored value causes a notice. Throws `ConfigRefused` if a source cannot be read at all.
 */
export async function readSources(sources: ConfigSources): Promise<ConfigReading> {
  const { folders, flags } = sources;
  const file = await readFile(sources);
  const readings = [
    ...(file ? [{ ...file, working: dirname(file.file) }] : []),
    { ...(await readCredentials(sources)), working: folders.working },
    { ...readEnvironment(folders.environment), working: folders.working },
    { ...readFlags(flags), working: folders.working },
    ...(sources.tenant ? [sources.tenant] : []),
  ];
  const assignments = readings.flatMap((reading) =>
    reading.assignments.map((assignment) => pluginPath(assignment, { ...folders, working: reading.working })),
  );
  const sorted = sortAssignments([...compatAssignments(assignments), ...assignments]);
  const notices = [...readings.flatMap((reading) => reading.notices), ...sorted.notices];
  const refusals: string[] = [];
  /**
   * Returns the result of `judge`. If it throws `ConfigRefused`, adds its lines to the refusals and returns
   * `undefined`.
   */
  const accepted = <T>(judge: () => T): T | undefined => {
    try {
      return judge();
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      refusals.push(...error.lines);
      return undefined;
    }
  };
  const flat: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  for (const [key, setting] of SETTING_ROWS) {
    const assignment = sorted.chosen.get(key);
    const verdict = assignment && accepted(() => validateValue(setting, assignment));
    flat[key] = verdict ? verdict.value : setting.default;
    if (assignment && verdict) origins.set(key, assignment.origin);
    if (verdict?.notice) notices.push(verdict.notice);
  }
  const hubs = readHubList(sorted.ofHubs, new Map([...sorted.chosen].filter(([key]) => key.startsWith('hub.'))));
  notices.push(...hubs.notices);
  refusals.push(...hubs.refusals);
  for (const [key, { value, origin }] of hubs.ofRobot) {
    if (origins.has(key)) continue;
    flat[key] = value;
    origins.set(key, origin);
  }
  const paths = completePaths(flat as unknown as FlatConfig, folders);
  const secrets = await secretsOf(paths, sources);
  const { receivers, rows: receiverRows, refusals: ofReceivers } = await receiversOf(sorted.ofReceivers, sources);
  const values: FlatConfig = { ...paths, ...secrets.values };
  refusals.push(...secrets.refusals, ...ofReceivers, ...(await clientAuthRefusals(values)));
  for (const [key, origin] of secrets.origins) if (!origins.has(key)) origins.set(key, origin);
  notices.push(...secretNotices(origins), ...compatNotices(origins));
  const { plugins, notices: ofPlugins } = readPluginSettings(
    values.plugins,
    sorted.ofPlugins,
    file ? dirname(file.file) : folders.working,
  );
  const { roles, notices: noticesOfRoles } = await readRoleSettings(sorted.ofRoles);
  notices.push(...ofPlugins, ...noticesOfRoles);
  const { refusals: ofGroups, ...providerGroups } = readProviderGroups(sorted.ofGroups);
  refusals.push(...ofGroups);
  // The tenants of a hub are checked instead of it.
  const hasTenants = values['fleet.tenants'].length > 0;
  const hasAccounts = hasTenants || (await sources.files.stateOf(join(values.data_dir, 'auth.db'))) !== undefined;
  const exposure = (config: FlatConfig) => validateExposure(config, hasAccounts);
  const judges =
    refusals.length > 0
      ? []
      : [
          exposure,
          (config: FlatConfig) => validateOidc(config, providerGroups),
          validateRateLimits,
          validateHeartbeat,
          validateVitalSigns,
          validateMetricValues,
          validateIssueRules,
          validateNats,
          validateStandby,
          validateTenants,
        ];
  const remarks = judges.flatMap((judge) => accepted(() => judge(values)) ?? []);
  return {
    values,
    plugins,
    roles,
    ...providerGroups,
    receivers,
    receiverRows,
    hubs: hubs.hubs,
    hubRows: hubs.rows,
    origins,
    notices,
    refusals,
    remarks,
    file: file?.file,
    fileState: file?.state,
  };
}

/** Reads the settings of receivers; their rules are loaded only if any are configured. */
async function receiversOf(
  assignments: readonly Assignment[],
  { files, folders }: ConfigSources,
): Promise<ReceiverReading> {
  if (assignments.length === 0) return { receivers: [], rows: [], refusals: [] };
  const { readReceivers } = await import('./receiver-settings.ts');
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return readReceivers(assignments, { files, folders, zone: timeZone });
}

/** Checks the settings of client certificates; their rules are loaded only if they are used. */
async function clientAuthRefusals(values: FlatConfig): Promise<readonly string[]> {
  if (values['server.tls.client_auth'] === 'off') return [];
  return (await import('./client-auth-rules.ts')).clientAuthRefusals(values);
}

function completePaths(flat: FlatConfig, folders: Folders): FlatConfig {
  const dataFolder = flat.data_dir ? absolutePath(flat.data_dir, folders) : defaultDataFolder(folders);
  return {
    ...flat,
    'server.host': flat['server.host'].trim() || SETTINGS['server.host'].default,
    data_dir: dataFolder,
    'server.tls.cert_file': flat['server.tls.cert_file'] && absolutePath(flat['server.tls.cert_file'], folders),
    'server.tls.key_file': flat['server.tls.key_file'] && absolutePath(flat['server.tls.key_file'], folders),
    'server.tls.ca_file': flat['server.tls.ca_file'] && absolutePath(flat['server.tls.ca_file'], folders),
    'server.tls.client_ca_file':
      flat['server.tls.client_ca_file'] && absolutePath(flat['server.tls.client_ca_file'], folders),
    'server.tls.client_crl_file':
      flat['server.tls.client_crl_file'] && absolutePath(flat['server.tls.client_crl_file'], folders),
    'aggregation.ca_file': flat['aggregation.ca_file'] && absolutePath(flat['aggregation.ca_file'], folders),
    'server.token_file': flat['server.token_file'] && absolutePath(flat['server.token_file'], folders),
    'notify.heartbeat_url_file':
      flat['notify.heartbeat_url_file'] && absolutePath(flat['notify.heartbeat_url_file'], folders),
    'auth.users_file': flat['auth.users_file'] && absolutePath(flat['auth.users_file'], folders),
    'auth.clients_file': flat['auth.clients_file'] && absolutePath(flat['auth.clients_file'], folders),
    'auth.jwt_secret_file': flat['auth.jwt_secret_file'] && absolutePath(flat['auth.jwt_secret_file'], folders),
    'auth.oidc.client_secret_file':
      flat['auth.oidc.client_secret_file'] && absolutePath(flat['auth.oidc.client_secret_file'], folders),
    'bulk_data.storage_dir': flat['bulk_data.storage_dir'] && absolutePath(flat['bulk_data.storage_dir'], folders),
    'fault_manager.config_file':
      flat['fault_manager.config_file'] && absolutePath(flat['fault_manager.config_file'], folders),
    'discovery.manifest_path':
      flat['discovery.manifest_path'] && absolutePath(flat['discovery.manifest_path'], folders),
    'discovery.manifest.fragments_dir':
      flat['discovery.manifest.fragments_dir'] && absolutePath(flat['discovery.manifest.fragments_dir'], folders),
    'discovery.inventory.csv_path':
      flat['discovery.inventory.csv_path'] && absolutePath(flat['discovery.inventory.csv_path'], folders),
    'scripts.scripts_dir':
      flat['scripts.scripts_dir'] && absolutePath(flat['scripts.scripts_dir'], { ...folders, working: dataFolder }),
    'scripts.confined.paths': flat['scripts.confined.paths'].map((path) => absolutePath(path, folders)),
    'updates.dir': flat['updates.dir'] && absolutePath(flat['updates.dir'], folders),
    'updates.install_dir': flat['updates.install_dir'] && absolutePath(flat['updates.install_dir'], folders),
    'updates.trusted_keys': flat['updates.trusted_keys'].map((key) =>
      isKeyText(key) ? key : absolutePath(key, folders),
    ),
    'fleet.tenant_config_dir':
      flat['fleet.tenant_config_dir'] && absolutePath(flat['fleet.tenant_config_dir'], folders),
    'record.file': flat['record.file'] && absolutePath(flat['record.file'], folders),
    'ros.type_folders': flat['ros.type_folders'].map((path) => absolutePath(path, folders)),
  };
}

/** Throws `ConfigRefused` if the heartbeat URL is invalid; the message omits the URL, which is secret. */
function validateHeartbeat(config: Pick<FlatConfig, 'notify.heartbeat_url'>): readonly Notice[] {
  const url = config['notify.heartbeat_url'];
  if (url === '' || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return [];
  throw new ConfigRefused(['notify.heartbeat_url is not an absolute http: or https: address']);
}
