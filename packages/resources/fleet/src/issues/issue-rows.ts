import { FAULT_SEVERITIES, type FleetIssue, type FleetIssueState } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { isoTime, optionalNumber, optionalText, textOf } from '../fleet-context.ts';

/** Time for which an issue is new unless a person decides on it. */
export const NEW_ISSUE_MS = 7 * 86_400_000;

/**
 * State of an issue `i` at `:now`. A resolved issue is regressed after an occurrence that
 * `isRegression` found. An ignored one is ongoing as soon as the first of its limits is reached.
 */
export const ISSUE_STATE = `CASE
  WHEN i.decision = 'resolved' THEN CASE WHEN i.regressed_ms IS NULL THEN 'resolved' ELSE 'regressed' END
  WHEN i.decision = 'muted' THEN 'muted'
  WHEN i.decision = 'ignored' AND (i.until_n IS NULL OR i.n < i.until_n)
    AND (i.until_robots IS NULL OR i.robots < i.until_robots) AND (i.until_ms IS NULL OR :now < i.until_ms) THEN 'ignored'
  WHEN i.decision = 'none' AND i.first_ms > :now - ${NEW_ISSUE_MS} THEN 'new'
  ELSE 'ongoing' END`;

/** Columns of an issue `i`, with its sums over all robots, or those of `t` over the robots that a filter selects. */
export const issueColumns = (
  sums: 'i' | 't',
): string => `i.id, i.rule, i.code, i.entity, i.cause, i.severity, i.decided_ms, i.decided_by, i.in_version,
  i.until_n, i.until_robots, i.until_ms, i.regressed_ms, i.regressed_version, i.owner, i.decision,
  (SELECT b.name FROM fleet_robots b WHERE b.id = i.regressed_robot) AS regressed_name,
  ${sums}.n, ${sums}.robots, ${sums}.first_ms, ${sums}.last_ms, ${ISSUE_STATE} AS state`;

/** Returns an issue without its bars. */
export function issueOf(row: Row): Omit<FleetIssue, 'days'> {
  const [rule, code, entity, cause] = [row.rule, row.code, row.entity, row.cause].map(optionalText);
  const owner = optionalText(row.owner);
  const severity = Number(row.severity);
  return {
    id: String(row.id),
    ...(rule !== undefined && { rule }),
    ...(code !== undefined && { fault_code: code }),
    ...(entity !== undefined && { entity_id: entity }),
    ...(cause !== undefined && { cause }),
    state: textOf(row.state!) as FleetIssueState,
    severity,
    severity_label: FAULT_SEVERITIES.labels[severity] ?? 'INFO',
    first_seen: isoTime(Number(row.first_ms)),
    last_seen: isoTime(Number(row.last_ms)),
    occurrences: Number(row.n),
    robots: Number(row.robots),
    ...(owner !== undefined && { owner }),
    ...decidedOf(row),
    ...regressedOf(row),
  };
}

function decidedOf(row: Row): Pick<FleetIssue, 'decided'> {
  const atMs = optionalNumber(row.decided_ms);
  if (row.decision === 'none' || atMs === undefined) return {};
  const [untilMs, occurrences, robots] = [row.until_ms, row.until_n, row.until_robots].map(optionalNumber);
  const version = optionalText(row.in_version);
  return {
    decided: {
      at: isoTime(atMs),
      by: textOf(row.decided_by!),
      ...(version !== undefined && { in_version: version }),
      ...(robots !== undefined && { until_robots: robots }),
      ...(occurrences !== undefined && { until_occurrences: occurrences }),
      ...(untilMs !== undefined && { until: isoTime(untilMs) }),
    },
  };
}

function regressedOf(row: Row): Pick<FleetIssue, 'regressed'> {
  const atMs = optionalNumber(row.regressed_ms);
  if (atMs === undefined) return {};
  const [robot, version] = [row.regressed_name, row.regressed_version].map(optionalText);
  return {
    regressed: {
      at: isoTime(atMs),
      ...(robot !== undefined && { robot }),
      ...(version !== undefined && { version }),
    },
  };
}
