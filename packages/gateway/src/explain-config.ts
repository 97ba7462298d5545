import { DocumentRefused } from '@medkit/documents';
import { shownUrl } from '@medkit/edges';
import { explain, FAULT_SETTINGS } from '@medkit/faults';
import { ConfigRefused, type Notice } from './config/assignment.ts';
import { type GatewayConfig, nestConfig } from './config/gateway-config.ts';
import { type ConfigSources, readSources } from './config/read-sources.ts';
import { SETTINGS } from './config/settings.ts';
import { bridgeSettings } from './faults/bridge-settings.ts';
import { type FaultDocuments, readFaultDocuments } from './faults/fault-documents.ts';
import { faultManagerMode } from './faults/fault-options.ts';
import { databaseElsewhere, faultsPlace } from './faults/fault-paths.ts';
import { StartRefused } from './http/listen.ts';

export interface ExplainedSetting {
  readonly key: string;
  /** In use; of a secret, that there is one. */
  readonly value: string | number | boolean | readonly string[];
  /** `medkit.yaml:12`, `MEDKIT_SERVER_PORT`; absent where it is the default. */
  readonly origin?: string;
  /** What the setting does. */
  readonly about: string;
}

/** What is not as it was written: a warning or an error says what is used instead, with a refusal the gateway does not start. */
export interface ConfigProblem {
  readonly level: Notice['level'] | 'refusal';
  readonly text: string;
}

/** What a gateway makes of its configuration. */
export interface ConfigExplanation {
  readonly file?: string;
  readonly settings: readonly ExplainedSetting[];
  readonly faultManager: {
    readonly file?: string;
    readonly parameters: readonly ExplainedSetting[];
    /** What the parameters mean together, a sentence each. */
    readonly meaning: readonly string[];
  };
  /** Nothing is wrong with the values, yet a person should know. */
  readonly remarks: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

const NO_FAULTS = { parameters: [], meaning: [] };

/** Explains what the sources say, also where a gateway would not start with it. */
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
  const place = documents && faultsPlace(documents, config.data_dir);
  if (place?.refused !== undefined) problems.push({ level: 'warning', text: databaseElsewhere(place) });
  return {
    ...(reading.file !== undefined && { file: reading.file }),
    settings: [...explained(SETTINGS, reading.values, reading.origins), ...reading.receiverRows],
    faultManager: documents && place ? explainFaults(documents, config, place.path) : NO_FAULTS,
    remarks: reading.remarks.map(({ text }) => text),
    problems,
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

/** The rows of a table of settings with the values in use. */
function explained<Key extends string>(
  rows: Readonly<Record<Key, { readonly about: string; readonly secret?: true }>>,
  values: Readonly<Record<Key, ExplainedSetting['value']>>,
  origins: ReadonlyMap<string, string>,
): readonly ExplainedSetting[] {
  return (Object.keys(rows) as Key[]).map((key) => {
    const { about, secret } = rows[key];
    const origin = origins.get(key);
    const value = secret && origin !== undefined ? 'not shown' : shown(values[key]);
    return { key, value, ...(origin !== undefined && { origin }), about };
  });
}

/** The value of a setting, without credentials in addresses. */
function shown(value: ExplainedSetting['value']): ExplainedSetting['value'] {
  if (typeof value === 'string') return shownUrl(value);
  return Array.isArray(value) ? value.map(shownUrl) : value;
}

/** What `work` gives; nothing where that is refused, which is noted. */
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
