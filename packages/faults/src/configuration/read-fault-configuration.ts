import { DocumentRefused, entryOf, type LocatedMap, type Notice, readYaml } from '@medkit/documents';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration, faultSettingOf } from './fault-settings.ts';
import { judgeSetting } from './judge-setting.ts';

/** A configuration that can be used, and a line for each thing that is not as it was written. */
export interface FaultConfigurationReading {
  readonly configuration: FaultConfiguration;
  /** Where each parameter that is set stands; one that is not has its default. */
  readonly origins: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
}

/** The names under which a ROS parameter file addresses the fault manager, in a namespace or out of one. */
const NODE_NAMES = /^(?:\/\*\*|\/?(?:[\w*]+\/)*fault_manager)$/;
const ROS_BLOCK = 'ros__parameters';

interface Reading {
  readonly values: Map<string, unknown>;
  readonly origins: Map<string, string>;
  readonly notices: Notice[];
  readonly refusals: string[];
}

function readSection(map: LocatedMap, prefix: string, reading: Reading): void {
  for (const { name, at, value } of map.entries) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const setting = faultSettingOf(key);
    const warn = (text: string) => reading.notices.push({ level: 'warning', text: `${at}: ${key} ${text}` });
    if (setting === undefined) {
      if (value.kind === 'map') readSection(value, key, reading);
      else warn('is no parameter of the fault manager, it is ignored');
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

/**
 * Reads the fault manager's parameters from a ROS parameter file (`fault_manager: ros__parameters: …`), sections nested
 * or dotted. Parameters of other nodes are left alone. Throws `DocumentRefused` with a line for each thing that must not
 * be guessed: what is not YAML, and values of another type than their parameter's.
 */
export function readFaultConfiguration(text: string, file: string): FaultConfigurationReading {
  const root = readYaml(text, file);
  const reading: Reading = { values: new Map(), origins: new Map(), notices: [], refusals: [] };
  const nodes = root.kind === 'map' ? root.entries.filter(({ name }) => NODE_NAMES.test(name)) : [];
  for (const { name, at, value } of nodes) {
    const block = value.kind === 'map' ? entryOf(value, ROS_BLOCK) : undefined;
    if (block?.kind === 'map') readSection(block, '', reading);
    else reading.refusals.push(`${at}: ${name} needs a section ${ROS_BLOCK}`);
  }
  if (nodes.length === 0) {
    reading.notices.push({ level: 'warning', text: `${file} has no parameters of fault_manager, defaults are used` });
  }
  if (reading.refusals.length > 0) throw new DocumentRefused(reading.refusals);
  return {
    configuration: { ...DEFAULT_FAULT_CONFIGURATION, ...Object.fromEntries(reading.values) },
    origins: reading.origins,
    notices: reading.notices,
  };
}
