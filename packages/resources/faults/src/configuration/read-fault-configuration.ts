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
import { validateSetting } from './validate-setting.ts';

/** A usable configuration, with a notice for every value that is used differently than written. */
export interface FaultConfigurationReading {
  readonly configuration: FaultConfiguration;
  /** Location of each parameter that is set; others have their defaults. */
  readonly origins: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
}

/** Node name of the fault manager in a ROS parameter file, in any namespace. */
const NODE = 'fault_manager';

interface Reading {
  readonly values: Map<string, unknown>;
  readonly origins: Map<string, string>;
  readonly notices: Notice[];
  readonly refusals: string[];
  /** True for parameters of all nodes, which may be meant for other nodes. */
  readonly isForAll: boolean;
}

function readSection(map: LocatedMap, prefix: string, reading: Reading): void {
  for (const { name, at, value } of map.entries) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const setting = faultSettingOf(key);
    const warn = (text: string) => reading.notices.push({ level: 'warning', text: `${at}: ${key} ${text}` });
    if (setting === undefined) {
      if (value.kind === 'map') readSection(value, key, reading);
      else if (!reading.isForAll) warn('is not a parameter of the fault manager and is ignored');
      continue;
    }
    if (reading.values.has(key)) warn('is set twice, this value is used');
    const verdict = validateSetting(setting, key, value);
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
 * Reads the fault manager's parameters from a ROS parameter file (`fault_manager: ros__parameters: …`, with or without
 * namespaces), with nested or dotted sections. Ignores the parameters of other nodes. Throws `DocumentRefused`, with a
 * line for each error, if the text is not YAML or a value has the wrong type.
 */
export function readFaultConfiguration(text: string, file: string): FaultConfigurationReading {
  const root = readYaml(text, file);
  const reading = { values: new Map(), origins: new Map(), notices: [] as Notice[], refusals: [] as string[] };
  const { nodes, rest, malformed } = root.kind === 'map' ? nodeParameters(root) : NOTHING;
  const addressed = nodes.filter(({ node }) => isAddressed(node, [NODE]));
  for (const { node, parameters } of addressed) readSection(parameters, '', { ...reading, isForAll: isWildcard(node) });
  const unread = [
    ...malformed.filter(({ node }) => isAddressed(node, [NODE])).map(({ node, at }) => ({ name: node.slice(1), at })),
    ...(addressed.length === 0 ? rest.filter(({ name }) => name === NODE) : []),
  ];
  for (const { name, at } of unread) reading.refusals.push(`${at}: ${name} needs a section ros__parameters`);
  if (addressed.length + unread.length === 0) {
    reading.notices.push({ level: 'warning', text: `${file} contains no parameters of ${NODE}, defaults are used` });
  }
  if (reading.refusals.length > 0) throw new DocumentRefused(reading.refusals);
  return {
    configuration: { ...DEFAULT_FAULT_CONFIGURATION, ...Object.fromEntries(reading.values) },
    origins: reading.origins,
    notices: reading.notices,
  };
}
