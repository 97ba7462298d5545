import { type FleetIssueChange, MAX_FLEET_ISSUE_NOTES } from '@medkit/contract';
import type { SqlValue, Statement } from '@medkit/store';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { issueNumber } from './read-issue.ts';
import { timeIn } from './time-range.ts';

/**
 * Decides on an issue, sets its owner or adds a note, in one transaction. Throws `FleetNotFound`, `FleetInvalid`, or
 * `FleetConflict` if it has too many notes.
 */
export async function changeIssue(
  context: FleetContext,
  id: string,
  change: FleetIssueChange,
  by: string,
): Promise<void> {
  const { store } = context;
  const issue = issueNumber(id);
  const [row] =
    issue === undefined
      ? []
      : await store.read(
          `SELECT n, robots, (SELECT count(*) FROM fleet_issue_notes m WHERE m.issue = fleet_issues.id) AS notes
           FROM fleet_issues WHERE id = ?`,
          [issue],
        );
  if (!row) throw new FleetNotFound(`The hub has no issue ${id}: \`GET /x-medkit-fleet/issues\` lists them`);
  const atMs = nowMs(context);
  const statements: Statement[] = [];
  const decision = decisionIn(change, { atMs, occurrences: Number(row.n), robots: Number(row.robots) });
  if (decision) {
    statements.push({
      sql: `UPDATE fleet_issues SET decision = ?, decided_ms = ?, decided_by = ?, in_version = ?, until_n = ?,
              until_robots = ?, until_ms = ?, regressed_ms = NULL, regressed_version = NULL, regressed_robot = NULL
            WHERE id = ?`,
      parameters: [change.state!, atMs, by, ...decision, Number(issue)],
    });
    statements.push({ sql: 'DELETE FROM fleet_issue_regressions WHERE issue = ?', parameters: [Number(issue)] });
  }
  if (change.owner != null) {
    statements.push({
      sql: 'UPDATE fleet_issues SET owner = ? WHERE id = ?',
      parameters: [change.owner === '' ? null : change.owner, Number(issue)],
    });
  }
  if (change.note != null) {
    if (Number(row.notes) >= MAX_FLEET_ISSUE_NOTES) {
      throw new FleetConflict(`The issue ${id} has ${MAX_FLEET_ISSUE_NOTES} notes, which is the maximum`);
    }
    statements.push({
      sql: 'INSERT INTO fleet_issue_notes (issue, at_ms, written_by, text) VALUES (?, ?, ?, ?)',
      parameters: [Number(issue), atMs, by, change.note],
    });
  }
  if (statements.length > 0) await store.write(statements);
}

/** Returns the version, and the limits of an ignored issue as absolute numbers; `undefined` without a decision. */
function decisionIn(
  { state, in_version: version, until }: FleetIssueChange,
  present: { readonly atMs: number; readonly occurrences: number; readonly robots: number },
): readonly SqlValue[] | undefined {
  if (version != null && state !== 'resolved') throw new FleetInvalid('in_version needs the state `resolved`');
  if (until != null && state !== 'ignored') throw new FleetInvalid('until needs the state `ignored`');
  if (state == null) return undefined;
  if (state !== 'ignored') return [version ?? null, null, null, null];
  const { robots, occurrences, date } = until ?? {};
  const untilMs = timeIn('until.date', date ?? undefined);
  if (robots == null && occurrences == null && untilMs === undefined) {
    throw new FleetInvalid('`ignored` needs until: robots, occurrences or date; use the state `muted` for all time');
  }
  if (untilMs !== undefined && untilMs <= present.atMs) throw new FleetInvalid(`until.date: ${date} is in the past`);
  return [
    null,
    occurrences == null ? null : present.occurrences + occurrences,
    robots == null ? null : present.robots + robots,
    untilMs ?? null,
  ];
}
