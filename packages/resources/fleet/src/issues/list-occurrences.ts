import { FAULT_SEVERITIES, FLEET_PAGE, type FleetOccurrence, parseFaultSeverity } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { isoTime, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { FleetInvalid } from '../fleet-refused.ts';
import { type FilterContext, filterValues, ROBOT_FILTERS, type RobotFilters } from '../groups/robot-filters.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import { timeIn } from './time-range.ts';

/** Filters of the list of occurrences; an absent member matches all. `site` is that of the robot at the time. */
export interface OccurrenceQuery extends RobotFilters {
  readonly robot?: string;
  readonly code?: string;
  readonly entity?: string;
  /** Lowest severity. */
  readonly severity?: string;
  /** Version of medkit or of the software of the robot at the time. */
  readonly version?: string;
  readonly issue?: string;
  /** `active` or `ended`. */
  readonly state?: string;
  /** Only occurrences that began from then on, and before then. */
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Conditions on occurrences `o` of robots `r`. Its values are those of `occurrenceValues`. */
export const OCCURRENCE_FILTERS = `(:robot IS NULL OR r.name = :robot) AND (:code IS NULL OR o.code = :code)
  AND (:entity IS NULL OR o.entity = :entity) AND o.severity >= :severity AND (:site IS NULL OR o.site = :site)
  AND (:version IS NULL OR o.version = :version OR o.medkit = :version)
  AND (:issue IS NULL OR o.issue = CAST(:issue AS INTEGER)) AND (:active IS NULL OR (o.ended_ms IS NULL) = (:active = 1))
  AND (:since IS NULL OR o.began_ms >= :since) AND (:until IS NULL OR o.began_ms < :until) AND ${ROBOT_FILTERS}`;

/** Returns the values of `OCCURRENCE_FILTERS`. Throws `FleetInvalid`. */
async function occurrenceValues(context: FilterContext, query: OccurrenceQuery) {
  const { robot, code, entity, severity, version, issue, state, site, label, group } = query;
  if (state !== undefined && state !== 'active' && state !== 'ended') {
    throw new FleetInvalid(`state: "${state}" is neither active nor ended`);
  }
  if (issue !== undefined && !/^\d{1,15}$/.test(issue)) throw new FleetInvalid(`issue: "${issue}" is not a number`);
  // A robot of the view may have been at a site that is not: the empty name is that of no site.
  const isHidden = context.view && site !== undefined && !context.view.sites.has(site);
  return {
    ...{ robot: robot ?? null, code: code ?? null, entity: entity ?? null, site: isHidden ? '' : (site ?? null) },
    ...{ version: version ?? null, issue: issue ?? null, active: state ? Number(state === 'active') : null },
    severity: severity === undefined ? 0 : (parseFaultSeverity(severity) ?? 0),
    since: timeIn('since', query.since) ?? null,
    until: timeIn('until', query.until) ?? null,
    ...(await filterValues(context, { ...(label !== undefined && { label }), ...(group !== undefined && { group }) })),
  };
}

/** Lists occurrences in pages, the newest first. Throws `FleetInvalid`. */
export async function listOccurrences(
  context: FilterContext,
  query: OccurrenceQuery,
): Promise<Omit<FleetPage<FleetOccurrence>, 'total'>> {
  const limit = Math.min(query.limit ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const place = query.cursor === undefined ? null : decodePlace(query.cursor);
  // Without the first condition, the index by time is read from its end for each page.
  const after = place === null ? '' : 'AND o.began_ms <= -:place';
  const rows = await context.store.read(
    `SELECT o.*, r.name FROM fleet_occurrences o JOIN fleet_robots r ON r.id = o.robot
     WHERE ${OCCURRENCE_FILTERS} ${after} AND (:place IS NULL OR (-o.began_ms, -o.id) > (:place, CAST(:id AS INTEGER)))
     ORDER BY o.began_ms DESC, o.id DESC LIMIT :limit`,
    {
      ...(await occurrenceValues(context, query)),
      place: place?.place ?? null,
      id: place?.name ?? null,
      limit: limit + 1,
    },
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => occurrenceOf(row, context)),
    ...(rows.length > limit &&
      last && { next: encodePlace({ place: -Number(last.began_ms), name: String(-Number(last.id)) }) }),
  };
}

function occurrenceOf(row: Row, { view }: FilterContext): FleetOccurrence {
  const site = optionalText(row.site);
  const [endedMs, uncertainMs, blocks] = [row.ended_ms, row.uncertain_ms, row.blocks].map(optionalNumber);
  const severity = Number(row.severity);
  const texts = {
    origin: optionalText(row.origin) || undefined,
    ended_as: optionalText(row.ended_as) as FleetOccurrence['ended_as'],
    entity_id: optionalText(row.entity),
    entity_type: optionalText(row.entity_type),
    cause: optionalText(row.cause),
    // A robot may have been at a site that the caller does not see.
    site: site !== undefined && view && !view.sites.has(site) ? undefined : site,
    version: optionalText(row.version),
    medkit: optionalText(row.medkit),
    issue: optionalText(row.issue),
    incident: optionalText(row.incident),
  };
  return {
    robot: textOf(row.name!),
    fault_code: textOf(row.code!),
    number: Number(row.number),
    began: isoTime(Number(row.began_ms)),
    ...(uncertainMs !== undefined && { uncertain_ms: uncertainMs }),
    ...(endedMs !== undefined && { ended: isoTime(endedMs) }),
    severity,
    severity_label: FAULT_SEVERITIES.labels[severity] ?? 'INFO',
    ...(Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Partial<FleetOccurrence>),
    ...(blocks !== undefined && { blocks_motion: blocks === 1 }),
  };
}
