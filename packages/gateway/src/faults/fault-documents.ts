import { dirname, resolve } from 'node:path';
import type { Files } from '@medkit/edges';
import {
  type CorrelationRule,
  DEFAULT_FAULT_CONFIGURATION,
  type EntityThresholds,
  entityThresholds,
  type FaultConfiguration,
  globalBand,
  type Notice,
  readCorrelationRules,
  readEntityThresholds,
  readFaultConfiguration,
} from '@medkit/faults';
import { StartRefused } from '../http/listen.ts';

/** All that the fault manager judges by, and a line for each thing that is not as it was written. */
export interface FaultDocuments {
  readonly configuration: FaultConfiguration;
  readonly thresholds: EntityThresholds;
  readonly rules: readonly CorrelationRule[];
  readonly notices: readonly Notice[];
}

/**
 * Reads the parameter file of the fault manager, and the files that it names; their paths start from its folder. No file
 * (an empty path) means defaults. Throws `StartRefused` where there is no such file, and `DocumentRefused`.
 */
export async function readFaultDocuments(files: Pick<Files, 'readText'>, file: string): Promise<FaultDocuments> {
  const notices: Notice[] = [];
  const noted = <Reading extends { readonly notices: readonly Notice[] }>(reading: Reading): Reading => {
    notices.push(...reading.notices);
    return reading;
  };
  const configuration = file === '' ? DEFAULT_FAULT_CONFIGURATION : noted(await parameters(files, file)).configuration;
  const pathOf = (key: 'entity_thresholds.config_file' | 'correlation.config_file' | 'database_path') =>
    configuration[key] && resolve(dirname(file), configuration[key]);
  const named = async (key: 'entity_thresholds.config_file' | 'correlation.config_file') => {
    const path = pathOf(key);
    return { path, text: path === '' ? undefined : await files.readText(path) };
  };
  const overrides = await named('entity_thresholds.config_file');
  const correlation = await named('correlation.config_file');
  const band = globalBand(configuration);
  return {
    configuration: { ...configuration, database_path: pathOf('database_path') },
    thresholds:
      overrides.path === ''
        ? entityThresholds(band)
        : noted(readEntityThresholds(overrides.text, overrides.path, band)).thresholds,
    rules: correlation.path === '' ? [] : noted(readCorrelationRules(correlation.text, correlation.path)).rules,
    notices,
  };
}

async function parameters(files: Pick<Files, 'readText'>, file: string) {
  const text = await files.readText(file);
  if (text === undefined) throw new StartRefused(`fault_manager.config_file: there is no file ${file}`);
  return readFaultConfiguration(text, file);
}
