import {
  FLEET_ISSUE_DAYS,
  FLEET_ISSUE_ORDERS,
  FLEET_ISSUE_STATES,
  FLEET_PAGE,
  type FleetIssue,
  type FleetIssueOrder,
  parseFaultSeverity,
} from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, HOUR_MS, nowMs } from '../fleet-context.ts';
import { FleetInvalid } from '../fleet-refused.ts';
import { viewValues } from '../fleet-view.ts';
import { filterValues, ROBOT_FILTERS, type RobotFilters } from '../groups/robot-filters.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import { ISSUE_STATE, issueColumns, issueOf } from './issue-rows.ts';
import { hourValues, issueTables } from './issue-view.ts';
import { timeIn } from './time-range.ts';

/** Filters of the list of issues; an absent member matches all. Numbers are of the robots that the filter selects. */
export interface IssueQuery extends RobotFilters {
  readonly state?: string;
  readonly code?: string;
  readonly entity?: string;
  /** Lowest severity. */
  readonly severity?: string;
  /** Only issues with an occurrence on this software. */
  readonly version?: string;
  /** Only issues with an occurrence after this time. */
  readonly since?: string;
  /** Text that the code or the name of the rule contains, in any case. */
  readonly q?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * Sums over the robots that a filter selects. The `+` lets SQLite use the index by robot: it would read the rows of all
 * robots in the order of the issues.
 */
const SELECTED = `SELECT +s.issue AS issue, sum(s.n) AS n, count(*) AS robots, min(s.first_ms) AS first_ms, max(s.last_ms) AS last_ms
  FROM fleet_issue_robots s WHERE s.robot IN (SELECT r.id FROM fleet_robots r WHERE ${ROBOT_FILTERS}) GROUP BY +s.issue`;

/** Table of the sums of an issue `i`: its sums over all robots, or `t` over those that a filter selects. */
type Sums = 'i' | 't';

/** The newest, the most frequent or the most widespread first. */
const ORDER: Readonly<Record<FleetIssueOrder, string>> = {
  last_seen: 'last_ms',
  first_seen: 'first_ms',
  occurrences: 'n',
  robots: 'robots',
};

const filtered = (sums: Sums, hasVersion: string): string => `${sums}.n > 0
  AND (:state IS NULL OR ${ISSUE_STATE} = :state) AND (:code IS NULL OR i.code = :code)
  AND (:entity IS NULL OR i.entity = :entity) AND i.severity >= :severity
  AND (:since IS NULL OR ${sums}.last_ms >= :since)
  AND (:text IS NULL OR instr(lower(coalesce(i.rule, i.code)), lower(:text)) > 0)
  AND (:version IS NULL OR EXISTS (${hasVersion}))`;

/** Lists issues in pages. Throws `FleetInvalid` for an unknown value, or a cursor that is not from this list. */
export async function listIssues(
  context: Pick<FleetContext, 'clock' | 'store' | 'view'>,
  query: IssueQuery,
): Promise<FleetPage<FleetIssue>> {
  const { store, view } = context;
  const { site, label, group, cursor } = query;
  const sort = FLEET_ISSUE_ORDERS.find((each) => each === (query.sort ?? 'last_seen'));
  const isState = query.state === undefined || FLEET_ISSUE_STATES.some((each) => each === query.state);
  if (!sort) throw new FleetInvalid(`sort: "${query.sort}" is not one of ${FLEET_ISSUE_ORDERS.join(', ')}`);
  if (!isState) throw new FleetInvalid(`state: "${query.state}" is not one of ${FLEET_ISSUE_STATES.join(', ')}`);
  const limit = Math.min(query.limit ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const sums = site === undefined && label === undefined && group === undefined ? 'i' : 't';
  const filters = {
    ...{ state: query.state ?? null, code: query.code ?? null, entity: query.entity ?? null, now: nowMs(context) },
    ...{ severity: query.severity === undefined ? 0 : (parseFaultSeverity(query.severity) ?? 0) },
    ...{ since: timeIn('since', query.since) ?? null, text: query.q ?? null, version: query.version ?? null },
    ...(sums === 'i'
      ? view && viewValues({ view })
      : await filterValues(context, {
          ...(site !== undefined && { site }),
          ...(label !== undefined && { label }),
          ...(group !== undefined && { group }),
        })),
  };
  const { issues, hasVersion } = issueTables(context);
  const selected = sums === 'i' ? '' : `JOIN (${SELECTED}) t ON t.issue = i.id`;
  const tables = `${issues} i ${selected} WHERE ${filtered(sums, hasVersion)}`;
  const order = `-${sums}.${ORDER[sort]}`;
  const place = cursor === undefined ? null : decodePlace(cursor);
  const rows = await store.read(
    `SELECT ${issueColumns(sums)}, ${order} AS place FROM ${tables}
       AND (:place IS NULL OR (${order}, i.id) > (:place, CAST(:id AS INTEGER)))
     ORDER BY place, i.id LIMIT :limit`,
    { ...filters, place: place?.place ?? null, id: place?.name ?? null, limit: limit + 1 },
  );
  const [counted] = await store.read(`SELECT count(*) AS n FROM ${tables}`, filters);
  const page = rows.slice(0, limit);
  const days = await daysOf(context, page);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({ ...issueOf(row), days: days(Number(row.id)) })),
    ...(rows.length > limit && last && { next: encodePlace({ place: Number(last.place), name: String(last.id) }) }),
    total: Number(counted?.n),
  };
}

/** Reads the occurrences of each of the last days, 24 hours each, the present hour last. */
async function daysOf(
  context: Pick<FleetContext, 'clock' | 'store' | 'view'>,
  page: readonly Row[],
): Promise<(issue: number) => number[]> {
  const first = Math.floor(nowMs(context) / HOUR_MS) + 1 - FLEET_ISSUE_DAYS * 24;
  const rows = await context.store.read(
    `SELECT d.issue, d.day, sum(d.n) AS n FROM (
       SELECT h.issue, (h.hour - :first) / 24 AS day, h.n FROM ${issueTables(context).issueHours} h
       WHERE h.issue IN (SELECT CAST(value AS INTEGER) FROM json_each(:issues)) AND h.hour >= :first) d
     GROUP BY d.issue, d.day`,
    { first, issues: JSON.stringify(page.map(({ id }) => Number(id))), ...hourValues(context) },
  );
  return (issue) => {
    const days = Array<number>(FLEET_ISSUE_DAYS).fill(0);
    for (const row of rows) {
      const day = Number(row.day);
      if (Number(row.issue) === issue && day < FLEET_ISSUE_DAYS) days[day] = Number(row.n);
    }
    return days;
  };
}
