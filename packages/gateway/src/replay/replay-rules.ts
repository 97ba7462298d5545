import { join, resolve } from 'node:path';
import { DocumentRefused, nearestName } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import { FAULT_SETTINGS, type FaultConfiguration } from '@medkit/faults';
import { ConfigRefused } from '../config/assignment.ts';
import { readFaultDocuments } from '../config/fault-documents.ts';
import { faultDatabasePath } from '../config/fault-paths.ts';
import type { FlagValues } from '../config/flag-source.ts';
import type { Folders } from '../config/folders.ts';
import type { GatewayConfig } from '../config/index.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { isReceiverKey } from '../config/receiver-keys.ts';
import { findSetting, SETTINGS } from '../config/settings.ts';
import { StartRefused } from '../listen.ts';
import { isFaultParameter, readFaultParameter } from './fault-parameter.ts';
import type { RecordFiles } from './read-record.ts';
import type { AllRules } from './replay-outcome.ts';

/** Where rules come from. */
export interface RuleSources {
  readonly files: Files;
  readonly folders: Folders;
  readonly flags: FlagValues;
  readonly defaultFile?: string;
  /** Changes: `key=value` of a setting or of a parameter of the fault manager, or a file that replaces the configuration. */
  readonly changes: readonly string[];
}

export interface ReadRules {
  readonly rules: AllRules;
  readonly database: RecordFiles;
  /** Where the rules over values are stored, and how they are evaluated. */
  readonly triggers: Pick<GatewayConfig, 'data_dir' | 'triggers' | 'fault_triggers'>;
  /** The folder of recordings. */
  readonly recordings: string;
  /** Messages about values that are used differently than written. */
  readonly notices: LoadedConfig['notices'];
}

/** Reads rules as the gateway does at its start. Throws `ConfigRefused`, `DocumentRefused` or `StartRefused`. */
export async function readRules({ files, folders, flags, defaultFile, changes }: RuleSources): Promise<ReadRules> {
  const settings: string[] = [];
  const overrides: Partial<Record<string, unknown>> = {};
  let file: string | undefined;
  for (const change of changes) {
    const equals = change.indexOf('=');
    const key = equals < 0 ? '' : change.slice(0, equals).trim();
    if (isFaultParameter(key)) Object.assign(overrides, faultParameter(key, change.slice(equals + 1), folders));
    else if (isSettingName(key)) settings.push(change);
    else file = resolve(folders.working, change);
  }
  const { config, notices } = await loadConfig({
    files,
    folders,
    flags: {
      ...flags,
      ...(file !== undefined && { config: file }),
      set: [...((flags['set'] ?? []) as readonly string[]), ...settings],
    },
    ...(defaultFile !== undefined && { defaultFile }),
  });
  const documents = await readFaultDocuments(files, config.fault_manager.config_file, overrides);
  return {
    rules: {
      faults: {
        configuration: documents.configuration,
        thresholds: documents.thresholds,
        correlationRules: documents.rules,
        sharedHealing: config.fault_manager.shared_healing,
      },
      notifications: { receivers: config.receivers, settleMs: config.notify.settle_ms },
    },
    database: {
      dataFolder: config.data_dir,
      faultDatabase: faultDatabasePath(documents, config.data_dir).path,
    },
    triggers: config,
    recordings: documents.configuration['snapshots.rosbag.storage_path'] || join(config.data_dir, 'recordings'),
    notices: [...notices, ...documents.notices],
  };
}

/** Returns whether `readRules` threw this error for invalid rules. */
export function isRefusedRule(error: unknown): error is Error {
  return error instanceof ConfigRefused || error instanceof DocumentRefused || error instanceof StartRefused;
}

/** Returns whether a change names a setting of the gateway. Throws `ConfigRefused` for a setting that does not exist. */
function isSettingName(key: string): boolean {
  if (!/^[a-z][\w.]*$/.test(key)) return false;
  if (findSetting(key) !== undefined || isReceiverKey(key)) return true;
  const nearest = nearestName(key, [...Object.keys(FAULT_SETTINGS), ...Object.keys(SETTINGS)]);
  const advice = nearest === undefined ? 'See docs/config.md' : `Did you mean ${nearest}?`;
  throw new ConfigRefused([`--with ${key}: no such setting, and no such parameter of the fault manager. ${advice}`]);
}

function faultParameter(
  key: keyof FaultConfiguration,
  text: string,
  { working }: Folders,
): Partial<FaultConfiguration> {
  const read = readFaultParameter(key, text, `--with ${key}`);
  const isPath = key.endsWith('.config_file') && typeof read === 'string' && read !== '';
  return { [key]: isPath ? resolve(working, read) : read };
}
