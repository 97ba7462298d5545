import { type FleetExportEvent, parseFaultSeverity } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { isoTime, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { type FilterContext, filterValues, ROBOT_FILTERS } from '../groups/robot-filters.ts';
import { timeIn } from '../issues/time-range.ts';
import type { ExportRow } from './encode-rows.ts';

/** Events of one read: a body has up to 256 KiB, and a result up to 32 MiB. */
const PAGE = 100;
/** Event numbers that one read searches, so that filters that match few events do not occupy the reader for long. */
const SEARCHED = 20_000;

const FILTERED = `(:robot IS NULL OR r.name = :robot) AND (:code IS NULL OR e.code = :code)
  AND (:entity IS NULL OR e.entity = :entity) AND (:severity IS NULL OR e.severity >= :severity)
  AND (:since IS NULL OR e.at_ms >= :since) AND (:until IS NULL OR e.at_ms < :until) AND ${ROBOT_FILTERS}`;

/** Reads the stored events in the order in which the hub received them. Throws `FleetInvalid`. */
export async function* eventPages(
  context: FilterContext,
  { robot, code, entity, severity, since, until, site, label, group }: Readonly<Record<string, string>>,
): AsyncGenerator<readonly ExportRow[]> {
  const { store } = context;
  const values = {
    ...{ robot: robot ?? null, code: code ?? null, entity: entity ?? null },
    severity: severity === undefined ? null : (parseFaultSeverity(severity) ?? 0),
    ...{ since: timeIn('since', since) ?? null, until: timeIn('until', until) ?? null },
    ...(await filterValues(context, {
      ...(site !== undefined && { site }),
      ...(label !== undefined && { label }),
      ...(group !== undefined && { group }),
    })),
  };
  const [range] = await store.read('SELECT min(e.id) AS first, max(e.id) AS last FROM fleet_events e');
  const last = optionalNumber(range?.last) ?? 0;
  for (let after = (optionalNumber(range?.first) ?? 1) - 1; after < last; ) {
    const to = Math.min(last, after + SEARCHED);
    const rows = await store.read(
      `SELECT e.id, r.name, e.seq, e.kind, e.boot, e.robot_ms, e.at_ms, e.uncertain_ms, e.got_ms, e.code, e.entity,
         e.severity, e.body
       FROM fleet_events e JOIN fleet_robots r ON r.id = e.robot
       WHERE e.id > :after AND e.id <= :to AND ${FILTERED} ORDER BY e.id LIMIT ${PAGE}`,
      { ...values, after, to },
    );
    // An empty page lets the reader of the export end between two searches.
    yield rows.map(rowOf);
    after = rows.length === PAGE ? Number(rows.at(-1)!.id) : to;
  }
}

function rowOf(row: Row): ExportRow {
  const [uncertainMs, severity] = [row.uncertain_ms, row.severity].map(optionalNumber);
  const [code, entity] = [row.code, row.entity].map(optionalText);
  const values: FleetExportEvent = {
    id: String(row.id),
    robot: textOf(row.name!),
    seq: Number(row.seq),
    kind: textOf(row.kind!),
    boot: Number(row.boot),
    robot_time: isoTime(Number(row.robot_ms)),
    at: isoTime(Number(row.at_ms)),
    ...(uncertainMs !== undefined && { uncertain_ms: uncertainMs }),
    received: isoTime(Number(row.got_ms)),
    ...(code !== undefined && { fault_code: code }),
    ...(entity !== undefined && { entity_id: entity }),
    ...(severity !== undefined && { severity }),
  };
  return { values, body: textOf(row.body!) };
}
