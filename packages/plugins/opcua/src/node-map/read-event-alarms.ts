import type { AssociatedValue, EventAlarm, EventMapping } from './event-alarm.ts';
import { MapFields } from './map-fields.ts';
import { entityIdOf, nodeIdOf } from './map-names.ts';
import { codeOf, severityOf } from './read-fault.ts';

/** Maximum mappings of one source: a PLC has several hundred alarms. */
const MAX_MAPPINGS = 2000;
/** Maximum additional fields of an event. Siemens has ten; the server sends each with every event. */
const MAX_ASSOCIATED = 32;
const MAX_NAME_LENGTH = 256;

/** Reads sources of alarms; skips invalid ones with a warning. */
export function eventAlarmsOf(entries: readonly MapFields[]): readonly EventAlarm[] {
  return entries.flatMap((entry) => {
    const source = nodeIdOf(entry, 'alarm_source');
    const entityId = entityIdOf(entry, 'entity_id');
    const code = codeOf(entry, 'fault_code');
    const mappings = (entry.sections('mappings', MAX_MAPPINGS) ?? []).flatMap((mapping) => mappingOf(mapping) ?? []);
    const alarm = { ...overridesOf(entry), mappings, associatedValues: associatedValuesOf(entry) };
    if (hasUnknownCondition(entry)) return [];
    const isMapped = code !== undefined || (mappings.length > 0 && !entry.has('fault_code'));
    if (source !== undefined && entityId !== undefined && isMapped) {
      return [{ source, entityId, ...(code === undefined ? {} : { code }), ...alarm }];
    }
    const missing =
      source === undefined ? 'alarm_source' : entityId === undefined ? 'entity_id' : 'fault_code, nor mappings,';
    entry.warn(`it has no usable ${missing}; it is skipped`);
    return [];
  });
}

function mappingOf(mapping: MapFields): EventMapping | undefined {
  const isSet = (name: string) => mapping.has(name) && mapping.text(name) !== '';
  const conditionName = mapping.text('condition_name') || undefined;
  const sourceNode = isSet('source_node') ? nodeIdOf(mapping, 'source_node') : undefined;
  const eventType = isSet('event_type') ? nodeIdOf(mapping, 'event_type') : undefined;
  const messagePart = mapping.text('match_message') || undefined;
  const code = codeOf(mapping, 'fault_code');
  const overrides = overridesOf(mapping);
  if (hasUnknownCondition(mapping)) return undefined;
  // Without an invalid field, the mapping would match alarms that it is not meant for.
  const found = {
    condition_name: conditionName,
    source_node: sourceNode,
    event_type: eventType,
    match_message: messagePart,
  };
  const wrong = Object.entries(found).find(([name, value]) => value === undefined && isSet(name))?.[0];
  if (code === undefined || wrong !== undefined) {
    mapping.warn(`it has no usable ${wrong ?? 'fault_code'}; it is skipped`);
    return undefined;
  }
  return {
    ...(conditionName ? { conditionName } : {}),
    ...(sourceNode ? { sourceNode } : {}),
    ...(eventType ? { eventType } : {}),
    ...(messagePart ? { messagePart } : {}),
    code,
    ...overrides,
  };
}

/**
 * Returns whether an entry has an unknown key that may have been meant as a condition: without it the entry would match
 * all alarms of its source. Descriptive keys are not conditions.
 */
function hasUnknownCondition(entry: MapFields): boolean {
  const unknown = entry.end().filter((name) => !/^(?:x[-_].*|name|description|comment|notes?)$/.test(name));
  if (unknown.length > 0) entry.warn(`it is skipped, because ${unknown[0]} may select some of its alarms`);
  return unknown.length > 0;
}

/** `severity` is short for `severity_override`, which takes precedence. */
function overridesOf(fields: MapFields): Pick<EventAlarm, 'severity' | 'message'> {
  const alias = severityOf(fields, 'severity');
  const severity = severityOf(fields, 'severity_override') ?? alias;
  const message = fields.text('message') || undefined;
  return { ...(severity === undefined ? {} : { severity }), ...(message ? { message } : {}) };
}

function associatedValuesOf(entry: MapFields): readonly AssociatedValue[] {
  return (entry.items('associated_values', MAX_ASSOCIATED) ?? []).flatMap((item, at) => {
    if (item.kind === 'value' && item.text !== '' && item.text.length <= MAX_NAME_LENGTH) {
      return [{ field: item.text, label: item.text }];
    }
    if (item.kind === 'map')
      return associatedValueOf(new MapFields(item, `associated_values[${at}]`, entry.warnings)) ?? [];
    entry.warn(`associated_values[${at}]: expected a name, or a section with one; it is skipped`, item.at);
    return [];
  });
}

function associatedValueOf(fields: MapFields): AssociatedValue | undefined {
  const namespace = fields.has('namespace_index') ? fields.whole('namespace_index', { min: 0, max: 0xffff }) : 0n;
  const name = fields.text('name', MAX_NAME_LENGTH);
  const label = fields.text('label', MAX_NAME_LENGTH) || name;
  fields.end();
  if (namespace !== undefined && name && label)
    return { field: namespace === 0n ? name : `${namespace}:${name}`, label };
  fields.warn('name is missing; the entry is skipped');
  return undefined;
}
