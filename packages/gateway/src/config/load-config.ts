import type { Files } from '@medkit/edges';
import { type Assignment, ConfigRefused, type Notice } from './assignment.ts';
import { CONFIG_VARIABLE, readEnvironment } from './environment-source.ts';
import { judgeExposure } from './exposure.ts';
import { type FlagValues, readFlags } from './flag-source.ts';
import { absolutePath, defaultDataFolder, type Folders } from './folders.ts';
import { type FlatConfig, type GatewayConfig, nestConfig } from './gateway-config.ts';
import { judgeValue, parseBoolean } from './judge-value.ts';
import { isLaterKey, laterKeys, PROTECTIVE_KEYS } from './later-keys.ts';
import { nearestName } from './nearest.ts';
import { SETTING_ROWS, SETTINGS, settingOf } from './settings.ts';
import { readYaml } from './yaml-source.ts';

export interface ConfigSources {
  readonly files: Pick<Files, 'readText'>;
  readonly folders: Folders;
  readonly flags: FlagValues;
  /** Read if it exists and no file is named by `--config` or `MEDKIT_CONFIG`. */
  readonly defaultFile?: string;
}

export interface LoadedConfig {
  readonly config: GatewayConfig;
  /** What a person must be told, one line each. */
  readonly notices: readonly Notice[];
  /** The file that was read. */
  readonly file: string | undefined;
}

async function readFile({ files, folders, flags, defaultFile }: ConfigSources) {
  const named = (flags.config as string | undefined) || folders.environment[CONFIG_VARIABLE];
  const file = named ? absolutePath(named, folders) : defaultFile;
  const text = file === undefined ? undefined : await files.readText(file);
  if (named && text === undefined) throw new ConfigRefused([`there is no configuration file ${file}`]);
  return text === undefined || file === undefined ? undefined : { file, ...readYaml(text, file) };
}

/** One line for all unused keys of one section: an existing file may have dozens of them. */
function noticesOfLaterKeys(assignments: readonly Assignment[]): readonly Notice[] {
  const sections = Map.groupBy(assignments, ({ key }) => key.split('.', 1)[0]);
  return [...sections.values()].map((group) => ({
    level: 'warning' as const,
    text: `${group.map(({ key }) => key).join(', ')}: not used by this version (${group[0].origin})`,
  }));
}

function noticeOfUnknownKey({ key, origin }: Assignment): Notice {
  const nearest = nearestName(key, [...Object.keys(SETTINGS), ...laterKeys]);
  const advice = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return { level: 'warning', text: `${key}: no such setting (${origin}).${advice}` };
}

/** Sorts what the sources say into values in use and lines about the rest. The last one to name a key wins. */
function sortAssignments(assignments: readonly Assignment[]) {
  const chosen = new Map<string, Assignment>();
  const later: Assignment[] = [];
  const notices: Notice[] = [];
  const refusals: string[] = [];
  for (const assignment of assignments) {
    const { key, value, origin } = assignment;
    if (settingOf(key) !== undefined) chosen.set(key, assignment);
    else if (Object.hasOwn(PROTECTIVE_KEYS, key) && parseBoolean(String(value)) !== false) {
      refusals.push(`${key}: ${PROTECTIVE_KEYS[key]} (${origin})`);
    } else if (isLaterKey(key)) later.push(assignment);
    else notices.push(noticeOfUnknownKey(assignment));
  }
  return { chosen, refusals, notices: [...notices, ...noticesOfLaterKeys(later)] };
}

/**
 * Puts the configuration together: defaults, then the file, the environment and the flags, each over the one before.
 * Nothing is dropped without a line. Throws `ConfigRefused` where the gateway must not start.
 */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const { folders, flags } = sources;
  const file = await readFile(sources);
  const readings = [...(file ? [file] : []), readEnvironment(folders.environment), readFlags(flags)];
  const sorted = sortAssignments(readings.flatMap((reading) => reading.assignments));
  const notices = [...readings.flatMap((reading) => reading.notices), ...sorted.notices];
  const refusals = [...sorted.refusals];
  const flat: Record<string, unknown> = {};
  for (const [key, setting] of SETTING_ROWS) {
    const assignment = sorted.chosen.get(key);
    flat[key] = setting.default;
    if (assignment === undefined) continue;
    try {
      const { value, notice } = judgeValue(setting, assignment);
      flat[key] = value;
      if (notice !== undefined) notices.push(notice);
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      refusals.push(...error.lines);
    }
  }
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  const complete = completePaths(flat as unknown as FlatConfig, folders);
  return { config: nestConfig(complete), notices: [...notices, ...judgeExposure(complete)], file: file?.file };
}

function completePaths(flat: FlatConfig, folders: Folders): FlatConfig {
  return {
    ...flat,
    'server.host': flat['server.host'].trim() || SETTINGS['server.host'].default,
    data_dir: flat.data_dir ? absolutePath(flat.data_dir, folders) : defaultDataFolder(folders),
    'bulk_data.storage_dir': flat['bulk_data.storage_dir'] && absolutePath(flat['bulk_data.storage_dir'], folders),
    'fault_manager.config_file':
      flat['fault_manager.config_file'] && absolutePath(flat['fault_manager.config_file'], folders),
    'record.file': flat['record.file'] && absolutePath(flat['record.file'], folders),
    'ros.type_folders': flat['ros.type_folders'].map((path) => absolutePath(path, folders)),
  };
}
