import { FLEET_PAGE, type FleetFault, type FleetPresence, parseFaultSeverity } from '@medkit/contract';
import { type FleetContext, isoTime, optionalText, textOf } from '../fleet-context.ts';
import { filterValues, ROBOT_FILTERS, type RobotFilters } from '../groups/robot-filters.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import { PRESENCE, presenceValues } from '../robots/presence.ts';

/** Filters of the list of active faults; an absent member matches all. */
export interface FleetFaultQuery extends RobotFilters {
  readonly robot?: string;
  readonly code?: string;
  /** Lowest severity. */
  readonly severity?: string;
  /** Text that the code contains. */
  readonly q?: string;
  /** Only codes that sort after this one. */
  readonly after?: string;
  /** The most severe first, or by code. */
  readonly sort?: FaultOrder;
  readonly limit?: number;
  readonly cursor?: string;
}

type FaultOrder = 'severity' | 'code';

const TABLES = 'fleet_faults f JOIN fleet_robots r ON r.id = f.robot JOIN fleet_cursors c ON c.robot = f.robot';
const FILTERED = `(:robot IS NULL OR r.name = :robot) AND (:code IS NULL OR f.code = :code)
  AND (:after_code IS NULL OR f.code > :after_code)
  AND f.severity >= :severity AND (:q IS NULL OR instr(f.code, :q) > 0) AND ${ROBOT_FILTERS}`;
/** The number by which each order sorts, and the name of a fault: a line break sorts before all characters of names. */
const ORDER: Readonly<Record<FaultOrder, { readonly place: string; readonly name: string }>> = {
  severity: { place: '-f.severity', name: "(r.name || '\n' || f.origin || '\n' || f.code)" },
  code: { place: '0', name: "(f.code || '\n' || r.name || '\n' || f.origin)" },
};

/** Descriptors of the evidence of a fault of the robot itself; the newest of those that are many. */
const MAX_EVIDENCE = 20;
const EVIDENCE = `(SELECT coalesce(json_group_array(json(e.body)), '[]') FROM (
  SELECT body FROM fleet_evidence WHERE robot = f.robot AND code = f.code AND f.origin = ''
  ORDER BY seq DESC LIMIT ${MAX_EVIDENCE}) e)`;

/** Lists the active faults of all robots in pages. Throws `FleetInvalid` for another list's cursor. */
export async function listFaults(
  context: Pick<FleetContext, 'pings' | 'store' | 'view'>,
  query: FleetFaultQuery,
): Promise<FleetPage<FleetFault>> {
  const { store } = context;
  const { robot, code, severity, q, after: afterCode, sort = 'severity', cursor, ...filtered } = query;
  const limit = Math.min(query.limit ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const lowest = severity === undefined ? 0 : (parseFaultSeverity(severity) ?? 0);
  const filters = {
    ...{ robot: robot ?? null, code: code ?? null, severity: lowest, q: q ?? null, after_code: afterCode ?? null },
    ...(await filterValues(context, filtered)),
  };
  const after = cursor === undefined ? null : decodePlace(cursor);
  const { place, name } = ORDER[sort];
  const rows = await store.read(
    `SELECT r.name, r.site, ${PRESENCE} AS presence, c.read_ms, c.state_ms, r.online, f.origin, f.body,
       ${place} AS place, ${name} AS name_in_order, ${EVIDENCE} AS evidence
     FROM ${TABLES}
     WHERE ${FILTERED} AND (:after IS NULL OR (${place}, ${name}) > (:place, :after))
     ORDER BY place, name_in_order LIMIT :limit`,
    {
      ...filters,
      ...presenceValues(context),
      place: after?.place ?? null,
      after: after?.name ?? null,
      limit: limit + 1,
    },
  );
  const [counted] = await store.read(`SELECT count(*) AS n FROM ${TABLES} WHERE ${FILTERED}`, filters);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => {
      const [site, origin] = [optionalText(row.site), textOf(row.origin!)];
      return {
        robot: textOf(row.name!),
        ...(site !== undefined && { site }),
        presence: textOf(row.presence!) as FleetPresence,
        as_of: isoTime(Math.max(Number(row.read_ms ?? 0), Number(row.state_ms ?? 0))),
        ...(origin !== '' && { origin }),
        fault: JSON.parse(textOf(row.body!)),
        evidence: JSON.parse(textOf(row.evidence!)),
      };
    }),
    ...(rows.length > limit &&
      last && { next: encodePlace({ place: Number(last.place), name: textOf(last.name_in_order!) }) }),
    total: Number(counted?.n),
  };
}
