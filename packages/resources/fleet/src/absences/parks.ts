import { type FleetParkRequest, MAX_PARK_MINUTES } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, isoTime, nowMs, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid } from '../fleet-refused.ts';
import { robotNamed } from '../robots/robot-rows.ts';
import type { ExpectedAbsence } from '../sites/site-schedules.ts';

const MINUTE_MS = 60_000;
const MAX_DAYS = MAX_PARK_MINUTES / 1440;

/** The announcement that a robot will be away. */
export interface Park {
  readonly fromMs: number;
  /** `undefined` until a person ends it. */
  readonly untilMs: number | undefined;
  readonly note: string | undefined;
  readonly by: string;
}

/** Announces that a robot will be away. Replaces an earlier park. Throws `FleetNotFound`, `FleetInvalid`, `FleetConflict`. */
export async function parkRobot(
  context: FleetContext,
  name: string,
  request: FleetParkRequest,
  by: string,
): Promise<void> {
  const { id, state } = await robotNamed(context, name);
  if (state !== 'approved')
    throw new FleetConflict(`The robot ${name} is ${state}: only an approved robot can be parked`);
  const atMs = nowMs(context);
  const { fromMs, untilMs } = spanOf(request, atMs);
  await context.store.write([
    {
      sql: `INSERT INTO fleet_parks (robot, from_ms, until_ms, note, parked_by, parked_ms) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (robot) DO UPDATE SET from_ms = excluded.from_ms, until_ms = excluded.until_ms,
              note = excluded.note, parked_by = excluded.parked_by, parked_ms = excluded.parked_ms`,
      parameters: [id, fromMs, untilMs ?? null, request.note || null, by, atMs],
    },
  ]);
  context.notify({ robot: name, topic: 'robot' });
}

/** Ends the park of a robot. Returns false if it has none. Throws `FleetNotFound`. */
export async function unparkRobot(context: FleetContext, name: string): Promise<boolean> {
  const { id } = await robotNamed(context, name);
  const { results } = await context.store.write([{ sql: 'DELETE FROM fleet_parks WHERE robot = ?', parameters: [id] }]);
  if (results[0]!.changes === 0) return false;
  context.notify({ robot: name, topic: 'robot' });
  return true;
}

/** Returns the park in the columns of `fleet_parks`; `undefined` if they are empty. */
export function parkOf(row: Row): Park | undefined {
  if (typeof row.from_ms !== 'number') return undefined;
  return {
    fromMs: row.from_ms,
    untilMs: optionalNumber(row.until_ms),
    note: optionalText(row.note),
    by: textOf(row.parked_by!),
  };
}

/** Returns the absence that a park announces for a time. */
export function parkedAbsence({ fromMs, untilMs, note, by }: Park, now: number): ExpectedAbsence | undefined {
  if (now < fromMs || (untilMs !== undefined && now >= untilMs)) return undefined;
  const about = `parked by ${by}${note === undefined ? '' : `: ${note}`}`;
  return { reason: 'park', about, untilMs, ...(note !== undefined && { note }) };
}

function spanOf({ from, until, minutes }: FleetParkRequest, atMs: number): Pick<Park, 'fromMs' | 'untilMs'> {
  if (until != null && minutes != null) throw new FleetInvalid('Set either `until` or `minutes`, not both');
  const fromMs = from == null ? atMs : timeOf('from', from);
  const untilMs = until == null ? (minutes == null ? undefined : fromMs + minutes * MINUTE_MS) : timeOf('until', until);
  if (untilMs !== undefined && untilMs <= fromMs) {
    throw new FleetInvalid(`\`until\` ${isoTime(untilMs)} is not after \`from\` ${isoTime(fromMs)}`);
  }
  if (untilMs !== undefined && untilMs <= atMs) {
    throw new FleetInvalid(`\`until\` ${isoTime(untilMs)} has passed: the hub has ${isoTime(atMs)}`);
  }
  if (fromMs - atMs > MAX_PARK_MINUTES * MINUTE_MS || (untilMs ?? fromMs) - fromMs > MAX_PARK_MINUTES * MINUTE_MS) {
    throw new FleetInvalid(`A park begins within ${MAX_DAYS} days and lasts at most as long: set an earlier time`);
  }
  return { fromMs, untilMs };
}

function timeOf(member: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new FleetInvalid(`\`${member}\` "${text}" is not a time such as 2026-03-24T08:00:00Z`);
  return ms;
}
