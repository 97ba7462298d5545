import { FLEET_ISSUE_DAYS, type FleetIssueDetail } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, type FleetStore, HOUR_MS, isoTime, nowMs, optionalText, textOf } from '../fleet-context.ts';
import { ISSUE_COLUMNS, issueOf } from './issue-rows.ts';

/** Robots of one issue in its page. */
const MAX_ROBOTS = 500;
/** Versions or sites of one issue in its page: as many as bars that people compare. */
const MAX_BARS = 200;

/** Returns the number of an issue; `undefined` if the text is none. */
export const issueNumber = (id: string): number | undefined => (/^\d{1,15}$/.test(id) ? Number(id) : undefined);

/** Returns an issue with its robots, bars and notes; `undefined` if there is none with this id. */
export async function readIssue(
  context: Pick<FleetContext, 'clock' | 'store'>,
  id: string,
): Promise<FleetIssueDetail | undefined> {
  const { store } = context;
  const issue = issueNumber(id);
  if (issue === undefined) return undefined;
  const [row] = await store.read(
    `SELECT ${ISSUE_COLUMNS} FROM fleet_issues i
     JOIN (SELECT id AS issue, n, robots, first_ms, last_ms FROM fleet_issues) t ON t.issue = i.id WHERE i.id = :issue`,
    { issue, now: nowMs(context) },
  );
  if (!row) return undefined;
  const firstHour = Math.floor(Number(row.first_ms) / HOUR_MS);
  const [first, last, byRobot, byVersion, bySite, byHour, notes] = await Promise.all([
    sighting(store, issue, 'ASC'),
    sighting(store, issue, 'DESC'),
    robotsOf(store, issue),
    barsOf(store, 'version', issue, firstHour),
    barsOf(store, 'site', issue, firstHour),
    hoursOf(store, issue, Math.floor(nowMs(context) / HOUR_MS) + 1 - FLEET_ISSUE_DAYS * 24),
    store.read('SELECT at_ms, written_by, text FROM fleet_issue_notes WHERE issue = ? ORDER BY id', [issue]),
  ]);
  return {
    ...issueOf(row),
    ...(first && { first }),
    ...(last && { last }),
    by_robot: byRobot,
    by_version: byVersion.map(({ key, ...bar }) => ({ ...(key !== '' && { version: key }), ...bar })),
    by_site: bySite.map(({ key, ...bar }) => ({ ...(key !== '' && { site: key }), ...bar })),
    by_hour: byHour,
    notes: notes.map((note) => ({
      at: isoTime(Number(note.at_ms)),
      by: textOf(note.written_by!),
      text: textOf(note.text!),
    })),
  };
}

async function sighting(store: FleetStore, issue: number, order: 'ASC' | 'DESC'): Promise<FleetIssueDetail['first']> {
  const [row] = await store.read(
    `SELECT r.name, o.version, o.began_ms FROM fleet_occurrences o JOIN fleet_robots r ON r.id = o.robot
     WHERE o.issue = ? ORDER BY o.began_ms ${order}, o.id ${order} LIMIT 1`,
    [issue],
  );
  return row && { robot: textOf(row.name!), ...named('version', row.version), at: isoTime(Number(row.began_ms)) };
}

async function robotsOf(store: FleetStore, issue: number): Promise<FleetIssueDetail['by_robot']> {
  const rows = await store.read(
    `SELECT r.name, r.site, r.software, s.n, s.first_ms, s.last_ms
     FROM fleet_issue_robots s JOIN fleet_robots r ON r.id = s.robot
     WHERE s.issue = ? ORDER BY s.n DESC, r.name LIMIT ${MAX_ROBOTS}`,
    [issue],
  );
  return rows.map((row) => ({
    robot: textOf(row.name!),
    ...named('site', row.site),
    ...named('version', row.software),
    occurrences: Number(row.n),
    first_seen: isoTime(Number(row.first_ms)),
    last_seen: isoTime(Number(row.last_ms)),
  }));
}

/** Reads the occurrences by version or site, with the hours that robots ran there since the first occurrence. */
async function barsOf(store: FleetStore, column: 'version' | 'site', issue: number, firstHour: number) {
  const rows = await store.read(
    `SELECT b.${column} AS bar, b.n, (SELECT sum(x.running_ms) FROM fleet_robot_hours x
       WHERE x.hour >= :first AND x.${column} = b.${column}) AS running_ms
     FROM (SELECT ${column}, sum(n) AS n FROM fleet_issue_hours WHERE issue = :issue GROUP BY ${column}) b
     WHERE b.n > 0 ORDER BY b.n DESC, b.${column} LIMIT ${MAX_BARS}`,
    { issue, first: firstHour },
  );
  return rows.map((row) => {
    const running = Number(row.running_ms ?? 0);
    return {
      key: textOf(row.bar!),
      occurrences: Number(row.n),
      ...(running > 0 && { running_hours: running / HOUR_MS }),
    };
  });
}

async function hoursOf(store: FleetStore, issue: number, first: number): Promise<FleetIssueDetail['by_hour']> {
  const rows = await store.read(
    'SELECT hour, sum(n) AS n FROM fleet_issue_hours WHERE issue = ? AND hour >= ? AND n > 0 GROUP BY hour ORDER BY hour',
    [issue, first],
  );
  return rows.map((row) => ({ hour: isoTime(Number(row.hour) * HOUR_MS), occurrences: Number(row.n) }));
}

/** Returns a member with this name; none for NULL. */
function named<Name extends string>(name: Name, value: Row[string] | undefined): { readonly [N in Name]?: string } {
  const text = optionalText(value);
  return (text === undefined ? {} : { [name]: text }) as { readonly [N in Name]?: string };
}
