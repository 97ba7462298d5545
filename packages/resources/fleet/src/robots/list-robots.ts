import {
  FLEET_PAGE,
  FLEET_PRESENCES,
  FLEET_ROBOT_ORDERS,
  FLEET_ROBOT_STATES,
  type FleetAbsenceReason,
  type FleetPresence,
  type FleetRobot,
  type FleetRobotOrder,
  type FleetRobotState,
} from '@medkit/contract';
import type { Row, SqlValue } from '@medkit/store';
import { type FleetContext, isoTime, nowMs, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { FleetInvalid } from '../fleet-refused.ts';
import { inView, viewValues } from '../fleet-view.ts';
import { filterValues, ROBOT_FILTERS, type RobotFilters } from '../groups/robot-filters.ts';
import { decodePlace, encodePlace } from './page-place.ts';
import { PRESENCE, presenceValues } from './presence.ts';
import { queueableIn } from './queueable-names.ts';

/** Filters of the list of robots; an absent member matches all. Retired robots are listed only by their state. */
export interface RobotQuery extends RobotFilters {
  /** A presence selects approved robots that have it. */
  readonly state?: FleetRobotState | FleetPresence;
  readonly presence?: FleetPresence;
  /** Version of medkit or of the software of the robot. */
  readonly version?: string;
  /** Text that the name contains. */
  readonly q?: string;
  readonly sort?: FleetRobotOrder;
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** One page of a list. */
export interface FleetPage<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; absent if this is the last one. */
  readonly next?: string;
  readonly total: number;
}

const FILTERED = `${ROBOT_FILTERS} AND r.state <> CASE WHEN coalesce(:state, '') = 'retired' THEN '' ELSE 'retired' END
  AND (:state IS NULL OR r.state = :state) AND (:presence IS NULL OR ${PRESENCE} = :presence)
  AND (:as_presence IS NULL OR ${PRESENCE} = :as_presence)`;

/** Numbers by which each order sorts; robots with equal numbers are sorted by name. */
const ORDER: Readonly<Record<FleetRobotOrder, string>> = {
  name: '0',
  severity: 'coalesce(-(SELECT max(f.severity) FROM fleet_faults f WHERE f.robot = r.id), 1)',
  last_seen: 'coalesce(r.seen_ms, 0)',
};

const COLUMNS = `r.name, r.state, r.online, r.since_ms, r.seen_ms, r.site, r.labels, r.note, r.rotate_ms, r.machine, r.enrolled_ms,
  r.approved_ms, r.approved_by, r.medkit, r.software, r.address,
  ${PRESENCE} AS presence, c.log, c.seq, c.newest, max(c.state_ms, coalesce(c.read_ms, 0)) AS as_of_ms,
  p.from_ms, p.until_ms, p.note AS park_note, p.parked_by, p.parked_ms,
  a.reason AS absence, a.began_ms, a.until_ms AS absence_ms, a.note AS absence_note,
  (SELECT json_array(k.fingerprint, k.added_ms) FROM fleet_keys k WHERE k.robot = r.id ORDER BY k.revoked_ms IS NULL DESC, k.added_ms DESC LIMIT 1) AS key,
  (SELECT coalesce(json_group_object(s.severity, s.n), '{}') FROM (SELECT severity, count(*) AS n FROM fleet_faults f WHERE f.robot = r.id GROUP BY severity) s) AS faults,
  (SELECT coalesce(json_group_array(json_object('code', b.code, 'message', b.message, 'since_ms', b.since_ms)), '[]') FROM fleet_problems b WHERE b.robot = r.id) AS problems`;
const TABLES = `fleet_robots r JOIN fleet_cursors c ON c.robot = r.id LEFT JOIN fleet_parks p ON p.robot = r.id
  LEFT JOIN fleet_absences a ON a.robot = r.id AND a.ended_ms IS NULL`;

/** What reading robots uses: the record, the pings that are not in it, and the clock. */
export type ReadContext = Pick<FleetContext, 'clock' | 'pings' | 'store' | 'view'>;

/** Lists robots in pages. Throws `FleetInvalid` for an unknown state, or a cursor that is not from this list. */
export async function listRobots(context: ReadContext, query: RobotQuery): Promise<FleetPage<FleetRobot>> {
  const { store } = context;
  const { sort = 'name', cursor } = query;
  assertOneOf('state', query.state, [...FLEET_ROBOT_STATES, ...FLEET_PRESENCES]);
  assertOneOf('presence', query.presence, FLEET_PRESENCES);
  assertOneOf('sort', query.sort, FLEET_ROBOT_ORDERS);
  const asPresence = FLEET_PRESENCES.find((each) => each === query.state);
  const state = asPresence ? 'approved' : query.state;
  const limit = Math.min(query.limit ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const filters = {
    ...{ state: state ?? null, presence: query.presence ?? null, as_presence: asPresence ?? null },
    ...presenceValues(context),
    ...(await filterValues(context, query)),
  };
  const place = cursor === undefined ? null : decodePlace(cursor);
  const order = ORDER[sort];
  const counted = `SELECT count(*) AS total FROM fleet_robots r WHERE ${FILTERED}`;
  const rows = await store.read(
    // The columns are those of the page only: they would be read of all robots that are sorted. By name alone, the database
    // follows the index of names up to the end of the page, and sorts none.
    `SELECT ${COLUMNS}, o.place, (${counted}) AS total FROM (
       SELECT r.id, ${order} AS place FROM fleet_robots r
       WHERE ${FILTERED} AND (:name IS NULL OR (${order}, r.name) > (:place, :name))
       ORDER BY ${sort === 'name' ? '' : 'place, '}r.name LIMIT :limit) o, ${TABLES} WHERE r.id = o.id ORDER BY o.place, r.name`,
    { ...filters, place: place?.place ?? null, name: place?.name ?? null, limit: limit + 1 },
  );
  // A page after the last robot has no row with the total.
  const [{ total } = { total: 0 }] = rows.length > 0 ? rows : await store.read(counted, filters);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => robotOf(row, context)),
    ...(rows.length > limit && last && { next: encodePlace({ place: Number(last.place), name: textOf(last.name!) }) }),
    total: Number(total),
  };
}

function assertOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  throw new FleetInvalid(`${name}: "${value}" is not one of ${known.join(', ')}`);
}

/** Returns a robot; `undefined` if the hub has none with this name in the view. */
export async function readRobot(context: ReadContext, name: string): Promise<FleetRobot | undefined> {
  const [row] = await context.store.read(
    `SELECT ${COLUMNS}, i.at_ms AS inventory_ms, i.body AS inventory
     FROM ${TABLES} LEFT JOIN fleet_inventories i ON i.robot = r.id WHERE r.name = :name AND ${inView('r.id')}`,
    { name, ...presenceValues(context), ...viewValues(context) },
  );
  if (!row) return undefined;
  const inventory = optionalText(row.inventory);
  if (inventory === undefined) return robotOf(row, context);
  return { ...robotOf(row, context), inventory: inventoryOf(inventory, Number(row.inventory_ms)) };
}

/** Returns the inventory in the body of a record, without members of other types. */
function inventoryOf(body: string, atMs: number): FleetRobot['inventory'] {
  const { plugins, queueable: _, ...machine } = Object(JSON.parse(body)) as Readonly<Record<string, unknown>>;
  const queueable = queueableIn(body);
  return {
    as_of: isoTime(atMs),
    machine: Object.fromEntries(
      Object.entries(machine).flatMap(([name, fact]) => (isText(fact) ? [[name, fact]] : [])),
    ),
    plugins: Array.isArray(plugins) ? plugins.filter(isText) : [],
    ...(queueable.length > 0 && { queueable: [...queueable] }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function robotOf(row: Row, context: ReadContext): FleetRobot {
  const time = (ms: SqlValue | undefined) => (typeof ms === 'number' ? isoTime(ms) : undefined);
  const [approvedBy, address, medkit] = [row.approved_by, row.address, row.medkit].map(optionalText);
  const [software, site, note] = [row.software, row.site, row.note].map(optionalText);
  const name = textOf(row.name!);
  // The record has the pings of the last minute only at its end.
  const seenMs = (row.online === 1 ? context.pings.lastMs(name) : undefined) ?? row.seen_ms;
  const [since, seen, approved, asOf] = [row.since_ms, seenMs, row.approved_ms, row.as_of_ms].map(time);
  const faults = JSON.parse(textOf(row.faults!)) as Readonly<Record<string, number>>;
  const newest = optionalNumber(row.newest);
  const [fingerprint, keyMs] = JSON.parse(textOf(row.key!)) as readonly [string, number];
  const rotation = time(row.rotate_ms);
  return {
    id: name,
    state: textOf(row.state!) as FleetRobotState,
    presence: textOf(row.presence!) as FleetPresence,
    ...(since !== undefined && { since }),
    ...(seen !== undefined && { last_seen: seen }),
    ...announcedOf(row, nowMs(context)),
    ...(site !== undefined && { site }),
    labels: JSON.parse(textOf(row.labels!)),
    ...(note !== undefined && { note }),
    fingerprint,
    key_added_at: isoTime(keyMs),
    ...(rotation !== undefined && { rotation_requested_at: rotation }),
    machine: JSON.parse(textOf(row.machine!)),
    enrolled_at: isoTime(Number(row.enrolled_ms)),
    ...(approved !== undefined && { approved_at: approved }),
    ...(approvedBy !== undefined && { approved_by: approvedBy }),
    ...(medkit !== undefined && { versions: { medkit, ...(software !== undefined && { software }) } }),
    ...(address !== undefined && { address }),
    ...(asOf !== undefined && {
      faults: { critical: faults[3] ?? 0, error: faults[2] ?? 0, warning: faults[1] ?? 0, info: faults[0] ?? 0 },
      as_of: asOf,
    }),
    ...(typeof row.log === 'string' && {
      log: { id: row.log, seq: Number(row.seq), ...(newest !== undefined && { newest }) },
    }),
    problems: problemsOf(textOf(row.problems!)),
  };
}

/** Returns the park of a robot, and why it is away as announced. */
function announcedOf(row: Row, now: number): Pick<FleetRobot, 'absence' | 'park'> {
  const [until, absentUntil] = [optionalNumber(row.until_ms), optionalNumber(row.absence_ms)];
  const [note, absenceNote] = [row.park_note, row.absence_note].map(optionalText);
  return {
    ...(typeof row.absence === 'string' && {
      absence: {
        reason: row.absence as FleetAbsenceReason,
        since: isoTime(Number(row.began_ms)),
        ...(absentUntil !== undefined && { until: isoTime(absentUntil) }),
        ...(absenceNote !== undefined && { note: absenceNote }),
      },
    }),
    ...(typeof row.from_ms === 'number' && {
      park: {
        from: isoTime(row.from_ms),
        ...(until !== undefined && { until: isoTime(until) }),
        active: row.from_ms <= now && (until === undefined || now < until),
        ...(note !== undefined && { note }),
        by: textOf(row.parked_by!),
        at: isoTime(Number(row.parked_ms)),
      },
    }),
  };
}

function problemsOf(json: string): FleetRobot['problems'] {
  const problems = JSON.parse(json) as readonly { code: string; message: string; since_ms: number }[];
  return problems.map(({ code, message, since_ms }) => ({ code, message, since: isoTime(since_ms) }));
}
