import { isJsonObject } from '@medkit/core';
import { type Located, parseYamlBoolean } from '@medkit/documents';
import { type AutoAlarms, DEFAULT_AUTO_ALARMS, DEFAULT_SEVERITY_BANDS, type SeverityBands } from './auto-alarms.ts';
import { type AutoBrowse, DEFAULT_AUTO_BROWSE } from './auto-browse.ts';
import { MapFields } from './map-fields.ts';
import { entityIdOf, nodeIdOf, nodeIdsOf } from './map-names.ts';
import { asWhole } from './scalar-text.ts';
import { Warnings } from './warnings.ts';

/** Maximum depth of options; those of a PLC have three levels. */
const MAX_DEPTH = 8;

/** Maximum starting nodes for browsing. */
const MAX_ROOTS = 64;
/** Maximum namespaces in a list; servers have about a dozen. */
const MAX_NAMESPACES = 1024;
const NAMESPACE = { min: 0, max: 0xffff };
/** Maximum patterns in a list: every alarm is compared with all of them. */
const MAX_PATTERNS = 200;
/** Range of event severities (OPC 10000-5, 6.4.2), and 0 for a band that includes all. */
const SEVERITY = { min: 0, max: 1000 };

/** Value of an option, with a warning for each problem that begins with its location. */
export interface ReadOption<V> {
  /** Absent if switched off or not given. */
  readonly value: V | undefined;
  readonly warnings: readonly string[];
}

/**
 * Reads the plugin option `auto_browse`: a boolean or a section that overrides `base`, the settings of the node map.
 */
export function readAutoBrowse(raw: unknown, base?: AutoBrowse): ReadOption<AutoBrowse> {
  const warnings = new Warnings();
  const value = autoBrowseOf(locatedOptions(raw, 'auto_browse'), warnings, base);
  return { value, warnings: warnings.lines };
}

/**
 * Reads the plugin option `auto_alarms`: a boolean or a section that overrides `base`, the settings of the node map.
 */
export function readAutoAlarms(raw: unknown, base?: AutoAlarms): ReadOption<AutoAlarms> {
  const warnings = new Warnings();
  const value = autoAlarmsOf(locatedOptions(raw, 'auto_alarms'), warnings, base);
  return { value, warnings: warnings.lines };
}

export function autoBrowseOf(
  located: Located | undefined,
  warnings: Warnings,
  base: AutoBrowse = DEFAULT_AUTO_BROWSE,
): AutoBrowse | undefined {
  const fields = sectionOf(located, 'auto_browse', warnings);
  if (typeof fields !== 'object') return fields === true ? base : undefined;
  const isOn = fields.flag('enabled') ?? !fields.has('enabled');
  const rootNodes = nodeIdsOf(fields, 'root_nodes', MAX_ROOTS) ?? base.rootNodes;
  const browse: AutoBrowse = {
    rootNodes,
    maxDepth: Number(fields.whole('max_depth', { min: 1, max: 64 }) ?? base.maxDepth),
    maxNodes: Number(fields.whole('max_nodes', { min: 1, max: 200_000 }) ?? base.maxNodes),
    namespaceAllow: namespacesOf(fields, 'namespace_allow') ?? base.namespaceAllow,
    namespaceDeny: namespacesOf(fields, 'namespace_deny') ?? base.namespaceDeny,
    readInitialValues: fields.flag('read_initial_values') ?? base.readInitialValues,
    inferWritable: fields.flag('infer_writable') ?? base.inferWritable,
  };
  fields.end();
  // Browsing everything instead of an invalid part would exceed what was requested.
  if (isOn && rootNodes.length === 0) fields.warn('root_nodes has no usable node; nothing is browsed');
  return isOn && rootNodes.length > 0 ? browse : undefined;
}

export function autoAlarmsOf(
  located: Located | undefined,
  warnings: Warnings,
  base: AutoAlarms = DEFAULT_AUTO_ALARMS,
): AutoAlarms | undefined {
  const fields = sectionOf(located, 'auto_alarms', warnings);
  if (typeof fields !== 'object') return fields === true ? base : undefined;
  const isOn = fields.flag('enabled') ?? !fields.has('enabled');
  const isSet = (name: string) => fields.has(name) && fields.text(name) !== '';
  const source = isSet('source_node_id') ? nodeIdOf(fields, 'source_node_id') : base.source;
  const alarms = {
    entityId: isSet('entity_id') ? entityIdOf(fields, 'entity_id') : base.entityId,
    autoClear: fields.flag('auto_clear') ?? base.autoClear,
    bands: bandsOf(fields.section('severity_bands'), base.bands),
    include: patternsOf(fields, 'include') ?? base.include,
    exclude: patternsOf(fields, 'exclude') ?? base.exclude,
  };
  fields.end();
  if (isOn && source === undefined)
    fields.warn('source_node_id is not a valid node id; alarms do not become faults automatically');
  return isOn && source !== undefined ? { source, ...alarms } : undefined;
}

/** Returns the section of an option, or whether it is switched on; `undefined` if it is absent. */
function sectionOf(located: Located | undefined, name: string, warnings: Warnings): MapFields | boolean | undefined {
  if (located?.kind === 'map') return new MapFields(located, name, warnings);
  if (located === undefined || (located.kind === 'value' && located.text === '')) return undefined;
  const flag = located.kind === 'value' ? parseYamlBoolean(located.text) : undefined;
  if (flag === undefined) warnings.add(`${located.at}: ${name}: expected true, false or a section; it is switched off`);
  return flag;
}

/** Lists in environment variables are texts such as `0, 1`. */
function partsOf(fields: MapFields, name: string, most: number): readonly string[] | undefined {
  const part = fields.part(name);
  if (part?.kind !== 'value') return fields.texts(name, most);
  const parts = part.text.split(',').map((each) => each.trim());
  return parts.filter((each) => each !== '').slice(0, most);
}

function namespacesOf(fields: MapFields, name: string): readonly number[] | undefined {
  return partsOf(fields, name, MAX_NAMESPACES)?.flatMap((text) => {
    const namespace = asWhole(text, NAMESPACE);
    if (namespace === undefined)
      fields.warn(`${name}: ${JSON.stringify(text)} is not a namespace index; it is skipped`);
    return namespace === undefined ? [] : [Number(namespace)];
  });
}

/** Every name contains an empty pattern: it would exclude everything. */
function patternsOf(fields: MapFields, name: string): readonly string[] | undefined {
  return partsOf(fields, name, MAX_PATTERNS)?.filter((pattern) => pattern !== '');
}

function bandsOf(fields: MapFields | undefined, base: SeverityBands): SeverityBands {
  if (fields === undefined) return base;
  const bandOf = (name: keyof SeverityBands) => Number(fields.whole(name, SEVERITY) ?? base[name]);
  const bands = { critical: bandOf('critical'), error: bandOf('error'), warning: bandOf('warning') };
  fields.end();
  if (bands.critical >= bands.error && bands.error >= bands.warning) return bands;
  const { critical, error, warning } = DEFAULT_SEVERITY_BANDS;
  fields.warn(`expected critical >= error >= warning, found ${critical}, ${error} and ${warning}`);
  return DEFAULT_SEVERITY_BANDS;
}

/**
 * Converts plugin options to a document, so that they are read like a file. The location of every part is its key:
 * `auto_browse.max_depth`. Values that are not data or too deep become empty.
 */
function locatedOptions(value: unknown, at: string, depth = 0): Located {
  if (depth < MAX_DEPTH && Array.isArray(value)) {
    return { kind: 'list', at, items: value.map((item) => locatedOptions(item, at, depth + 1)) };
  }
  if (depth < MAX_DEPTH && isJsonObject(value)) {
    const entries = Object.entries(value).map(([name, part]) => {
      const key = `${at}.${name}`;
      return { name, at: key, value: locatedOptions(part, key, depth + 1) };
    });
    return { kind: 'map', at, entries };
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'value', at, value, text: String(value) };
  }
  return { kind: 'value', at, value: null, text: '' };
}
