import {
  DocumentRefused,
  isAddressed,
  isWildcard,
  type LocatedMap,
  type Notice,
  nodeParameters,
  type ParameterFile,
  readYaml,
} from '@medkit/documents';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration, faultSettingOf } from './fault-settings.ts';
import { judgeSetting } from './judge-setting.ts';

/** A configuration that can be used, and a line for each thing that is not as it was written. */
export interface FaultConfigurationReading {
  readonly configuration: FaultConfiguration;
  /** Where each parameter that is set stands; one that is not has its default. */
  readonly origins: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
}

/** What a ROS parameter file calls the fault manager, in a namespace or out of one. */
const NODE = 'fault_manager';

interface Reading {
  readonly values: Map<string, unknown>;
  readonly origins: Map<string, string>;
  readonly notices: Notice[];
  readonly refusals: string[];
  /** What is said to any node may be meant for others. */
  readonly isForAll: boolean;
}

function readSection(map: LocatedMap, prefix: string, reading: Reading): void {
  for (const { name, at, value } of map.entries) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const setting = faultSettingOf(key);
    const warn = (text: string) => reading.notices.push({ level: 'warning', text: `${at}: ${key} ${text}` });
    if (setting === undefined) {
      if (value.kind === 'map') readSection(value, key, reading);
      else if (!reading.isForAll) warn('is no parameter of the fault manager, it is ignored');
      continue;
    }
    if (reading.values.has(key)) warn('is set twice, this one counts');
    const verdict = judgeSetting(setting, key, value);
    if ('refused' in verdict) {
      reading.refusals.push(verdict.refused);
      continue;
    }
    reading.values.set(key, verdict.value);
    reading.origins.set(key, at);
    if (verdict.notice !== undefined) reading.notices.push(verdict.notice);
  }
}

const NOTHING: ParameterFile = { nodes: [], rest: [], malformed: [] };

/**
 * Reads the fault manager's parameters from a ROS parameter file (`fault_manager: ros__parameters: …`, below namespaces or
 * not), sections nested or dotted. Parameters of other nodes are left alone. Throws `DocumentRefused` with a line for each thing that must not
 * be guessed: what is not YAML, and values of another type than their parameter's.
 */
export function readFaultConfiguration(text: string, file: string): FaultConfigurationReading {
  const root = readYaml(text, file);
  const reading = { values: new Map(), origins: new Map(), notices: [] as Notice[], refusals: [] as string[] };
  const { nodes, rest, malformed } = root.kind === 'map' ? nodeParameters(root) : NOTHING;
  const meant = nodes.filter(({ node }) => isAddressed(node, [NODE]));
  for (const { node, parameters } of meant) readSection(parameters, '', { ...reading, isForAll: isWildcard(node) });
  const unread = [
    ...malformed.filter(({ node }) => isAddressed(node, [NODE])).map(({ node, at }) => ({ name: node.slice(1), at })),
    ...(meant.length === 0 ? rest.filter(({ name }) => name === NODE) : []),
  ];
  for (const { name, at } of unread) reading.refusals.push(`${at}: ${name} needs a section ros__parameters`);
  if (meant.length + unread.length === 0) {
    reading.notices.push({ level: 'warning', text: `${file} has no parameters of ${NODE}, defaults are used` });
  }
  if (reading.refusals.length > 0) throw new DocumentRefused(reading.refusals);
  return {
    configuration: { ...DEFAULT_FAULT_CONFIGURATION, ...Object.fromEntries(reading.values) },
    origins: reading.origins,
    notices: reading.notices,
  };
}
