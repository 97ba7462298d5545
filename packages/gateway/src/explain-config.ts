import { DocumentRefused } from '@medkit/documents';
import { redactUrls } from '@medkit/edges';
import { explain, FAULT_SETTINGS } from '@medkit/faults';
import { ConfigRefused, type Notice } from './config/assignment.ts';
import { type FaultDocuments, readFaultDocuments } from './config/fault-documents.ts';
import { databasePathWarning, faultDatabasePath } from './config/fault-paths.ts';
import { type GatewayConfig, nestConfig } from './config/gateway-config.ts';
import { type ConfigReading, type ConfigSources, readSources } from './config/read-sources.ts';
import type { ReceiverRow } from './config/receiver-settings.ts';
import { SETTINGS } from './config/settings.ts';
import { bridgeSettings } from './faults/bridge-settings.ts';
import { faultManagerMode } from './faults/fault-options.ts';
import { StartRefused } from './listen.ts';

export interface ExplainedSetting {
  readonly key: string;
  /** The effective value, without credentials of URLs. For a secret: `not shown`. */
  readonly value: string | number | boolean | readonly string[];
  /** Source of the value, such as `medkit.yaml:12` or `MEDKIT_SERVER_PORT`; absent if it is the default. */
  readonly origin?: string;
  /** Description of the setting. */
  readonly about: string;
  /** The setting is secret and has a value. */
  readonly secret?: true;
}

/**
 * A problem of the configuration. Warnings and errors name the value used instead; after a refusal the gateway does not
 * start.
 */
export interface ConfigProblem {
  readonly level: Notice['level'] | 'refusal';
  readonly text: string;
}

/** The effective configuration of a gateway. */
export interface ConfigExplanation {
  readonly file?: string;
  readonly settings: readonly ExplainedSetting[];
  readonly faultManager: {
    readonly file?: string;
    readonly parameters: readonly ExplainedSetting[];
    /** The combined effect of the parameters, one sentence each. */
    readonly meaning: readonly string[];
  };
  /** Hints about valid values that the operator should know. */
  readonly remarks: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

const NO_FAULTS = { parameters: [], meaning: [] };

/** Explains the configuration of `sources`, including one with which the gateway would not start. */
export async function explainConfig(sources: ConfigSources): Promise<ConfigExplanation> {
  const problems: ConfigProblem[] = [];
  const reading = await unlessRefused(problems, () => readSources(sources));
  if (!reading) return { settings: [], faultManager: NO_FAULTS, remarks: [], problems };
  problems.push(...reading.notices, ...reading.refusals.map(refusal));
  const config = nestConfig(reading.values, reading);
  for (const check of [faultManagerMode, bridgeSettings]) await unlessRefused(problems, async () => check(config));
  const documents = await unlessRefused(problems, () =>
    readFaultDocuments(sources.files, config.fault_manager.config_file),
  );
  problems.push(...(documents?.notices ?? []));
  return explanationOf(reading, documents, problems);
}

/**
 * Explains the configuration with which a gateway runs, as it was read at its start. Without `documents`, omits the
 * parameters of the fault manager.
 */
export function explainReading(reading: ConfigReading, documents: FaultDocuments | undefined): ConfigExplanation {
  return explanationOf(reading, documents, [...reading.notices, ...(documents?.notices ?? [])]);
}

function explanationOf(
  reading: ConfigReading,
  documents: FaultDocuments | undefined,
  problems: readonly ConfigProblem[],
): ConfigExplanation {
  const config = nestConfig(reading.values, reading);
  const place = documents && faultDatabasePath(documents, config.data_dir);
  const refused: readonly ConfigProblem[] =
    place?.refused === undefined ? [] : [{ level: 'warning', text: databasePathWarning(place) }];
  return {
    ...(reading.file !== undefined && { file: reading.file }),
    settings: [
      ...explained(SETTINGS, reading.values, reading.origins),
      ...[...reading.receiverRows, ...reading.hubRows].map(redactedRow),
    ],
    faultManager: documents && place ? explainFaults(documents, config, place.path) : NO_FAULTS,
    remarks: reading.remarks.map(({ text }) => redactUrls(text)),
    // The texts repeat values of the file.
    problems: [...problems, ...refused].map(({ level, text }) => ({ level, text: redactUrls(text) })),
  };
}

function explainFaults(documents: FaultDocuments, { fault_manager }: GatewayConfig, path: string) {
  const { origins } = documents;
  const configuration = { ...documents.configuration, database_path: path };
  return {
    ...(fault_manager.config_file !== '' && { file: fault_manager.config_file }),
    parameters: explained(FAULT_SETTINGS, configuration, origins),
    meaning: explain(configuration).split('\n'),
  };
}

/** Returns the rows of a table of settings with their effective values. */
function explained<Key extends string>(
  rows: Readonly<Record<Key, { readonly about: string; readonly secret?: true }>>,
  values: Readonly<Record<Key, ExplainedSetting['value']>>,
  origins: ReadonlyMap<string, string>,
): readonly ExplainedSetting[] {
  return (Object.keys(rows) as Key[]).map((key) => {
    const { about, secret } = rows[key];
    const origin = origins.get(key);
    // A secret may come from a source without a line, such as a file: the value alone decides.
    const isHidden = secret === true && (origin !== undefined || !isEmpty(values[key]));
    return {
      key,
      value: isHidden ? 'not shown' : redactedValue(values[key]),
      ...(origin !== undefined && { origin }),
      about,
      ...(isHidden && { secret }),
    };
  });
}

const isEmpty = (value: ExplainedSetting['value']): boolean =>
  typeof value === 'string' || Array.isArray(value) ? value.length === 0 : false;

const redactedRow = (row: ReceiverRow): ExplainedSetting => ({ ...row, value: redactedValue(row.value) });

/** Returns the value of a setting; removes credentials from URLs. */
function redactedValue(value: ExplainedSetting['value']): ExplainedSetting['value'] {
  if (typeof value === 'string') return redactUrls(value);
  return Array.isArray(value) ? value.map(redactUrls) : value;
}

/** Returns the result of `work`. If it is refused, adds the reason to `problems` and returns `undefined`. */
async function unlessRefused<T>(problems: ConfigProblem[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigRefused || error instanceof DocumentRefused) problems.push(...error.lines.map(refusal));
    else if (error instanceof StartRefused) problems.push(refusal(error.message));
    else throw error;
    return undefined;
  }
}

const refusal = (text: string): ConfigProblem => ({ level: 'refusal', text });
