import {
  type PastEntity as EntityItem,
  FAULT_SEVERITIES,
  type PastFault as FaultItem,
  type PastParameter as ParameterItem,
  type PastState,
  type PastVersion,
  SovdError,
} from '@medkit/contract';
import { parseJson } from '@medkit/core';
import { entityKey, entityOfKey } from './history-row.ts';
import type { PastFault, PastFaults } from './past-faults.ts';
import { isoMs, type PastQuery } from './past-query.ts';
import type { Gap, GapReason, PastEntity, PastParameter, PastRecord } from './past-record.ts';

export interface PastViewOptions {
  readonly record: PastRecord;
  readonly faults: PastFaults;
  readonly beginMs: number;
  readonly query: PastQuery;
  /** Names of other gateways in the present tree. */
  readonly notCovered: readonly string[];
}

const UNREAD = 'Values that the gateway did not read, set or observe since the app appeared';
const REASON: Readonly<Record<GapReason, string>> = {
  not_running: 'The gateway was not running',
  ended_unexpectedly: 'The gateway ended unexpectedly at an unknown moment after this',
  starting: 'The gateway had started and was discovering the robot',
  overload: 'More changed than the gateway records',
  failure: 'The gateway could not write its database',
};

/** Builds the reply. Throws `entity-not-found` if the requested entity was not in the tree. */
export function pastView({ record, faults, beginMs, query, notCovered }: PastViewOptions): PastState {
  const { tMs, limit, offset } = query;
  const selected = query.entity === undefined ? record.entities : entityWithParts(record.entities, query);
  const keys = new Set(selected.map(entityKey));
  const isSelected = (entity: string | undefined): boolean =>
    query.entity === undefined || (entity !== undefined && keys.has(entity));
  const reporters = reportersOf(record.entities);
  const faultItems = faults.items.flatMap((fault) => {
    const entity = fault.sources.map((source) => reporters.get(source)).find(Boolean);
    return isSelected(entity && entityKey(entity)) ? [faultItem(fault, entity)] : [];
  });
  const parameters = record.parameters.filter(({ entity }) => isSelected(entity));
  const versions = [
    ...(record.gateway && query.entity === undefined
      ? [{ software_version: record.gateway.version, since: isoMs(record.gateway.startedMs) }]
      : []),
    ...selected.flatMap(versionItem),
  ];
  const { gap, asOfMs } = record;
  const begins = isoMs(beginMs);
  const page = <Item, Made>(items: readonly Item[], make: (item: Item) => Made) => ({
    total: items.length,
    items: items.slice(offset, offset + limit).map(make),
  });
  const isPartial = gap ? { complete: false, missing: sentence(gap) } : { complete: true };
  const missingFaults = gap ? `${REASON[gap.reason]}: later faults of this period are unknown` : faults.missing;
  const longest = Math.max(selected.length, faultItems.length, parameters.length, versions.length);
  return {
    at: isoMs(tMs),
    as_of: isoMs(asOfMs),
    ...(gap && { gap: gapItem(gap) }),
    not_covered: [...notCovered],
    tree: { begins_at: begins, ...isPartial, ...page(selected, entityItem) },
    faults: {
      ...(faults.beginsMs !== undefined && { begins_at: isoMs(faults.beginsMs) }),
      complete: missingFaults === undefined,
      ...(missingFaults !== undefined && { missing: missingFaults }),
      ...page(faultItems, (item) => item),
    },
    parameters: {
      begins_at: begins,
      complete: false,
      missing: gap ? `${sentence(gap)}. ${UNREAD}` : UNREAD,
      ...page(parameters, parameterItem),
    },
    versions: { begins_at: begins, ...isPartial, ...page(versions, (item) => item) },
    ...(longest > offset + limit && { next_cursor: String(offset + limit) }),
  };
}

/** Returns the entities with an id and what they contained. */
function entityWithParts(entities: readonly PastEntity[], { entity: id, tMs }: PastQuery): readonly PastEntity[] {
  const found = new Set(entities.filter((each) => each.id === id));
  if (found.size === 0) {
    const message = `There was no entity ${id} at ${isoMs(tMs)}`;
    throw new SovdError({ code: 'entity-not-found', message, parameters: { entity_id: id ?? '' } });
  }
  const hosted = new Map(entities.map((each) => [each.id, each]));
  const parts = Map.groupBy(
    entities.flatMap((each) => containersOf(each).map((container) => ({ container, each }))),
    ({ container }) => container,
  );
  // A set visits what is added during the loop, and each entity once: cycles end.
  for (const each of found) {
    for (const part of parts.get(entityKey(each)) ?? []) found.add(part.each);
    for (const host of each.kind === 'function' ? (each.hosts ?? []) : []) {
      const part = hosted.get(host);
      if (part) found.add(part);
    }
  }
  return entities.filter((each) => found.has(each));
}

function containersOf({ kind, area, component, parent }: PastEntity): readonly string[] {
  return [
    ...(area === undefined ? [] : [`area ${area}`]),
    ...(component === undefined ? [] : [`component ${component}`]),
    ...(parent === undefined ? [] : [`${kind} ${parent}`]),
  ];
}

/** Returns the entities by the names under which they report faults. */
function reportersOf(entities: readonly PastEntity[]): ReadonlyMap<string, PastEntity> {
  const reporting = entities.filter(({ kind }) => kind === 'app' || kind === 'component');
  return new Map([
    ...reporting.map((each) => [each.id, each] as const),
    ...reporting.flatMap((each) => (each.node === undefined ? [] : [[each.node, each] as const])),
  ]);
}

function entityItem({ kind, id, name, online, node, area, component, parent, hosts, ...rest }: PastEntity): EntityItem {
  return {
    type: kind,
    id,
    name,
    ...(online !== undefined && { online }),
    ...(node !== undefined && { node }),
    ...(area !== undefined && { area }),
    ...(component !== undefined && { component }),
    ...(parent !== undefined && { parent }),
    ...(hosts && { hosts: [...hosts] }),
    since: isoMs(rest.sinceMs),
    ...(rest.unsteady && { unsteady: true }),
  };
}

function faultItem(fault: PastFault, entity: PastEntity | undefined): FaultItem {
  const { code, description, severity, occurrence, confirmedMs, sources } = fault;
  return {
    fault_code: code,
    description,
    status: 'CONFIRMED',
    ...(severity !== undefined && { severity, severity_label: FAULT_SEVERITIES.labels[severity] }),
    occurrence,
    confirmed_at: isoMs(confirmedMs),
    reporting_sources: [...sources],
    ...(entity && { entity_id: entity.id, entity_type: entity.kind }),
  };
}

function parameterItem({ entity, name, value, source, sinceMs, unsteady }: PastParameter): ParameterItem {
  const { kind = 'app', id = entity } = entityOfKey(entity) ?? {};
  return {
    entity_id: id,
    entity_type: kind,
    name,
    ...(value !== undefined && { value: parsedValue(value) }),
    since: isoMs(sinceMs),
    source,
    ...(unsteady && { unsteady }),
  };
}

/** Parses a stored value; a text that is no JSON was observed in that form. */
function parsedValue(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function versionItem(entity: PastEntity): readonly PastVersion[] {
  const { kind, id, software_version, firmware_version, hardware_revision, sinceMs } = entity;
  if (software_version === undefined && firmware_version === undefined && hardware_revision === undefined) return [];
  return [
    {
      entity_id: id,
      entity_type: kind,
      ...(software_version !== undefined && { software_version }),
      ...(firmware_version !== undefined && { firmware_version }),
      ...(hardware_revision !== undefined && { hardware_revision }),
      since: isoMs(sinceMs),
    },
  ];
}

const sentence = ({ reason, fromMs }: Gap): string => `${REASON[reason]}: the state is that of ${isoMs(fromMs)}`;

function gapItem(gap: Gap): NonNullable<PastState['gap']> {
  const { fromMs, toMs, reason } = gap;
  return {
    from: isoMs(fromMs),
    ...(toMs !== undefined && { to: isoMs(toMs) }),
    reason,
    message: sentence(gap),
  };
}
