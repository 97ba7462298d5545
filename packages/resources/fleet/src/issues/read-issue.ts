import { FLEET_ISSUE_DAYS, type FleetIssueDetail } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, HOUR_MS, isoTime, nowMs, optionalText, textOf } from '../fleet-context.ts';
import { inView, viewValues } from '../fleet-view.ts';
import { issueColumns, issueOf } from './issue-rows.ts';
import { hourValues, issueTables } from './issue-view.ts';

/** Robots of one issue in its page. */
const MAX_ROBOTS = 500;
/** Versions or sites of one issue in its page: as many as bars that people compare. */
const MAX_BARS = 200;

/** Returns the number of an issue; `undefined` if the text is none. */
export const issueNumber = (id: string): number | undefined => (/^\d{1,15}$/.test(id) ? Number(id) : undefined);

type ReadContext = Pick<FleetContext, 'clock' | 'store' | 'view'>;

/** Returns an issue with its robots, bars and notes; `undefined` if there is none with this id in the view. */
export async function readIssue(context: ReadContext, id: string): Promise<FleetIssueDetail | undefined> {
  const { store, view } = context;
  const issue = issueNumber(id);
  if (issue === undefined) return undefined;
  const [row] = await store.read(
    `SELECT ${issueColumns('i')} FROM ${issueTables(context).issues} i WHERE i.id = :issue`,
    { issue, now: nowMs(context), ...(view && viewValues({ view })) },
  );
  if (!row) return undefined;
  const firstHour = Math.floor(Number(row.first_ms) / HOUR_MS);
  const [first, last, byRobot, byVersion, bySite, byHour, notes] = await Promise.all([
    sighting(context, issue, 'ASC'),
    sighting(context, issue, 'DESC'),
    robotsOf(context, issue),
    barsOf(context, 'version', issue, firstHour),
    barsOf(context, 'site', issue, firstHour),
    hoursOf(context, issue, Math.floor(nowMs(context) / HOUR_MS) + 1 - FLEET_ISSUE_DAYS * 24),
    // Notes are texts on the whole fleet.
    view
      ? []
      : store.read('SELECT at_ms, written_by, text FROM fleet_issue_notes WHERE issue = ? ORDER BY id', [issue]),
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

async function sighting(
  context: ReadContext,
  issue: number,
  order: 'ASC' | 'DESC',
): Promise<FleetIssueDetail['first']> {
  const [row] = await context.store.read(
    `SELECT r.name, o.version, o.began_ms FROM fleet_occurrences o JOIN fleet_robots r ON r.id = o.robot
     WHERE o.issue = :issue AND ${inView('o.robot')} ORDER BY o.began_ms ${order}, o.id ${order} LIMIT 1`,
    { issue, ...viewValues(context) },
  );
  return row && { robot: textOf(row.name!), ...named('version', row.version), at: isoTime(Number(row.began_ms)) };
}

async function robotsOf(context: ReadContext, issue: number): Promise<FleetIssueDetail['by_robot']> {
  const rows = await context.store.read(
    `SELECT r.name, r.site, r.software, s.n, s.first_ms, s.last_ms
     FROM fleet_issue_robots s JOIN fleet_robots r ON r.id = s.robot
     WHERE s.issue = :issue AND ${inView('s.robot')} ORDER BY s.n DESC, r.name LIMIT ${MAX_ROBOTS}`,
    { issue, ...viewValues(context) },
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
async function barsOf(context: ReadContext, column: 'version' | 'site', issue: number, firstHour: number) {
  const { issueHours, robotHours } = issueTables(context);
  const rows = await context.store.read(
    `SELECT b.${column} AS bar, b.n, (SELECT sum(x.running_ms) FROM ${robotHours} x
       WHERE x.hour >= :first AND x.${column} = b.${column}) AS running_ms
     FROM (SELECT h.${column}, sum(h.n) AS n FROM ${issueHours} h WHERE h.issue = :issue GROUP BY h.${column}) b
     WHERE b.n > 0 ORDER BY b.n DESC, b.${column} LIMIT ${MAX_BARS}`,
    { issue, first: firstHour, ...hourValues(context) },
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

async function hoursOf(context: ReadContext, issue: number, first: number): Promise<FleetIssueDetail['by_hour']> {
  const rows = await context.store.read(
    `SELECT h.hour, sum(h.n) AS n FROM ${issueTables(context).issueHours} h
     WHERE h.issue = :issue AND h.hour >= :first AND h.n > 0 GROUP BY h.hour ORDER BY h.hour`,
    { issue, first, ...hourValues(context) },
  );
  return rows.map((row) => ({ hour: isoTime(Number(row.hour) * HOUR_MS), occurrences: Number(row.n) }));
}

/** Returns a member with this name; none for NULL. */
function named<Name extends string>(name: Name, value: Row[string] | undefined): { readonly [N in Name]?: string } {
  const text = optionalText(value);
  return (text === undefined ? {} : { [name]: text }) as { readonly [N in Name]?: string };
}
