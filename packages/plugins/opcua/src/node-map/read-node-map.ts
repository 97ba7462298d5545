import { DocumentRefused, type Located, type LocatedMap, readYaml } from '@medkit/documents';
import { codesOfSeveral } from './fault-codes.ts';
import { MapFields } from './map-fields.ts';
import { entityIdOf, itemNameOf, nodeIdOf } from './map-names.ts';
import type { MappedMethod, NodeMap } from './node-map.ts';
import { NodeMapRefused } from './node-map-refused.ts';
import { autoAlarmsOf, autoBrowseOf } from './read-auto-options.ts';
import { eventAlarmsOf } from './read-event-alarms.ts';
import { mappedNodesOf } from './read-nodes.ts';
import { Warnings } from './warnings.ts';

/** Maximum nodes and alarm sources of a map: the limit of ros2_medkit, which also refuses larger files. */
const MAX_ENTRIES = 10_000;
/** Maximum callable methods. */
const MAX_METHODS = 1000;
/** Maximum lines of a refusal. */
const MAX_REFUSALS = 20;
const DEFAULT_AREA = { id: 'plc_systems', name: 'PLC Systems' };

/** A node map, with a warning for each skipped part that begins with its location. */
export interface ReadNodeMap {
  readonly map: NodeMap;
  readonly warnings: readonly string[];
}

/**
 * Reads a node map in the format of ros2_medkit, extended by `methods`. `file` is its name in messages; `warn` is
 * called with each warning. Throws `NodeMapRefused` if the file cannot be used at all: no YAML, two kinds of fault
 * detection on one node, or a fault code with more than one source.
 */
export function readNodeMap(
  text: string,
  { file, warn }: { readonly file: string; readonly warn?: (line: string) => void },
): ReadNodeMap {
  const root = rootOf(text, file);
  const warnings = new Warnings(warn);
  const refusals: string[] = [];
  const fields = new MapFields(root, '', warnings);
  const entriesOf = (name: string, most = MAX_ENTRIES) => checkedEntries(fields, name, most, refusals);
  const map: NodeMap = {
    areaId: entityIdOf(fields, 'area_id') ?? DEFAULT_AREA.id,
    areaName: fields.text('area_name') || DEFAULT_AREA.name,
    componentId: entityIdOf(fields, 'component_id'),
    componentName: fields.text('component_name') || undefined,
    autoBrowse: autoBrowseOf(fields.part('auto_browse'), warnings),
    autoAlarms: autoAlarmsOf(fields.part('auto_alarms'), warnings),
    nodes: mappedNodesOf(entriesOf('nodes'), (line) => refusals.push(line)),
    eventAlarms: eventAlarmsOf(entriesOf('event_alarms')),
    methods: mappedMethodsOf(entriesOf('methods', MAX_METHODS)),
  };
  fields.end();
  refusals.push(...duplicateLines(map, root));
  if (refusals.length > 0) throw new NodeMapRefused(boundedLines(refusals));
  if (isEmpty(map))
    warnings.add(`${file}: the node map is empty: it has no nodes, event_alarms, methods, auto_browse or auto_alarms`);
  return { map, warnings: warnings.lines };
}

function rootOf(text: string, file: string): LocatedMap {
  try {
    const root = readYaml(text, file);
    if (root.kind === 'map') return root;
  } catch (error) {
    if (error instanceof DocumentRefused) throw new NodeMapRefused(boundedLines(error.lines));
    throw error;
  }
  throw new NodeMapRefused([`${file}: expected a section with nodes, event_alarms, auto_browse or auto_alarms`]);
}

/**
 * Returns the entries of a list. Too many or malformed entries refuse the map: without its nodes it would be a
 * different map.
 */
function checkedEntries(fields: MapFields, name: string, most: number, refusals: string[]): readonly MapFields[] {
  const part = fields.part(name);
  if (part === undefined) return [];
  if (part.kind === 'list' && part.items.length <= most) return fields.sections(name, most) ?? [];
  const found = part.kind === 'list' ? `${part.items.length} entries` : 'none';
  refusals.push(`${part.at}: ${name}: expected a list of at most ${most} entries, found ${found}`);
  return [];
}

function duplicateLines(map: NodeMap, root: LocatedMap): readonly string[] {
  const several = codesOfSeveral([{ name: 'this map', map }]);
  if (several.length === 0) return [];
  const places = new Map<string, string[]>();
  notePlaces(root, places);
  return several.map(({ code, sources }) => {
    const [first = root.at, ...others] = places.get(code) ?? [];
    const also = others.length === 0 ? '' : ` (also at ${others.join(', ')})`;
    return `${first}: the fault code ${code} is raised by ${sources.length} sources${also}, but must be unique`;
  });
}

/** Collects the locations of codes in a document. */
function notePlaces(located: Located, places: Map<string, string[]>): void {
  if (located.kind === 'list') for (const item of located.items) notePlaces(item, places);
  if (located.kind !== 'map') return;
  for (const { name, value } of located.entries) {
    const isCode = value.kind === 'value' && (name === 'fault_code' || name === 'unknown_fault_code');
    if (isCode) places.set(value.text, [...(places.get(value.text) ?? []), value.at]);
    else notePlaces(value, places);
  }
}

function isEmpty({ nodes, eventAlarms, autoBrowse, autoAlarms, methods }: NodeMap): boolean {
  return nodes.length + eventAlarms.length + methods.length === 0 && !autoBrowse && !autoAlarms;
}

function boundedLines(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_REFUSALS) return lines;
  return [...lines.slice(0, MAX_REFUSALS), `and ${lines.length - MAX_REFUSALS} more`];
}

/** Reads the callable methods; skips invalid and duplicate ones with a warning. */
function mappedMethodsOf(entries: readonly MapFields[]): readonly MappedMethod[] {
  const met = new Set<string>();
  return entries.flatMap((entry) => {
    const objectId = nodeIdOf(entry, 'object_id');
    const methodId = nodeIdOf(entry, 'method_id');
    const entityId = entityIdOf(entry, 'entity_id');
    const name = itemNameOf(entry, 'name');
    entry.end();
    if (objectId === undefined || methodId === undefined || entityId === undefined) {
      entry.warn('it has no usable object_id, method_id and entity_id; it is skipped');
      return [];
    }
    const keys = [`${entityId} ${objectId} ${methodId}`, ...(name === undefined ? [] : [`${entityId}/${name}`])];
    if (keys.some((key) => met.has(key))) {
      entry.warn(`${entityId} already has this method above; this one is skipped`);
      return [];
    }
    for (const key of keys) met.add(key);
    return [{ objectId, methodId, entityId, ...(name === undefined ? {} : { name }) }];
  });
}
