import { dirname, resolve } from 'node:path';
import type { Notice } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import {
  type CorrelationRule,
  type CorrelationRulesReading,
  DEFAULT_FAULT_CONFIGURATION,
  type EntityThresholds,
  entityThresholds,
  type FaultConfiguration,
  globalBand,
  NO_SNAPSHOT_TOPICS,
  readCorrelationRules,
  readEntityThresholds,
  readFaultConfiguration,
  readSnapshotTopics,
  type SnapshotTopics,
} from '@medkit/faults';
import { StartRefused } from '../listen.ts';

/** The complete configuration of the fault manager, with notices about invalid parts. */
export interface FaultDocuments {
  readonly configuration: FaultConfiguration;
  /** Where each configured parameter comes from. */
  readonly origins: ReadonlyMap<string, string>;
  readonly thresholds: EntityThresholds;
  readonly rules: readonly CorrelationRule[];
  /** Rules over the faults of several gateways. */
  readonly acrossOrigins: readonly CorrelationRule[];
  readonly snapshotTopics: SnapshotTopics;
  readonly notices: readonly Notice[];
}

const NO_PARAMETERS = { configuration: DEFAULT_FAULT_CONFIGURATION, origins: new Map<string, string>() };

/** Parameters that name a file to read. */
type DocumentSetting = 'correlation.config_file' | 'entity_thresholds.config_file' | 'snapshots.config_file';

type PathSetting = DocumentSetting | 'audit_log.database_path' | 'database_path' | 'snapshots.rosbag.storage_path';

/**
 * Reads the parameter file of the fault manager, and the files that it names; their paths are relative to its folder.
 * An empty path means defaults. `overrides` replace parameters of the file; their paths are absolute. Throws
 * `StartRefused` if the file does not exist, and `DocumentRefused`.
 */
export async function readFaultDocuments(
  files: Pick<Files, 'readText'>,
  file: string,
  overrides: Partial<FaultConfiguration> = {},
): Promise<FaultDocuments> {
  const notices: Notice[] = [];
  const noted = <Reading extends { readonly notices: readonly Notice[] }>(reading: Reading): Reading => {
    notices.push(...reading.notices);
    return reading;
  };
  const { configuration: written, origins } = file === '' ? NO_PARAMETERS : noted(await parameters(files, file));
  const configuration = { ...written, ...overrides };
  const pathOf = (key: PathSetting) => configuration[key] && resolve(dirname(file), configuration[key]);
  const named = async (key: DocumentSetting) => {
    const path = pathOf(key);
    return { path, text: path === '' ? undefined : await files.readText(path) };
  };
  const perEntity = await named('entity_thresholds.config_file');
  const correlation = await named('correlation.config_file');
  const snapshots = await named('snapshots.config_file');
  const band = globalBand(configuration);
  return {
    configuration: {
      ...configuration,
      database_path: pathOf('database_path'),
      'audit_log.database_path': pathOf('audit_log.database_path'),
      'snapshots.rosbag.storage_path': pathOf('snapshots.rosbag.storage_path'),
    },
    origins,
    thresholds:
      perEntity.path === ''
        ? entityThresholds(band)
        : noted(readEntityThresholds(perEntity.text, perEntity.path, band)).thresholds,
    ...rulesOf(correlation.path === '' ? undefined : noted(readCorrelationRules(correlation.text, correlation.path))),
    snapshotTopics:
      snapshots.path === '' ? NO_SNAPSHOT_TOPICS : noted(readSnapshotTopics(snapshots.text, snapshots.path)).topics,
    notices,
  };
}

function rulesOf(reading: CorrelationRulesReading | undefined): Pick<FaultDocuments, 'rules' | 'acrossOrigins'> {
  return { rules: reading?.rules ?? [], acrossOrigins: reading?.acrossOrigins ?? [] };
}

async function parameters(files: Pick<Files, 'readText'>, file: string) {
  const text = await files.readText(file);
  if (text === undefined) throw new StartRefused(`fault_manager.config_file: the file ${file} does not exist`);
  return readFaultConfiguration(text, file);
}
