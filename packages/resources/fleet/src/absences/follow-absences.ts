import type { FleetAbsenceReason } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import type { Row, Statement } from '@medkit/store';
import { type FleetContext, nowMs, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { nextScheduleChange } from '../sites/site-schedules.ts';
import { beginAbsence, expectedAbsence } from './expected-absence.ts';

/** Longest time between two comparisons while an absence is announced: the clock of the machine may jump. */
const LONGEST_WAIT_MS = 60_000;

const END_REASONS: Readonly<Record<FleetAbsenceReason, string>> = {
  park: 'the park has ended',
  maintenance: 'the maintenance window has ended',
  quiet_hours: 'the quiet hours have ended',
};

/** Robots that are away, or whose absence is open, with their park. */
const AWAY = `SELECT r.id, r.name, r.site, r.online, r.state, p.from_ms, p.until_ms, p.note, p.parked_by,
    a.reason, a.until_ms AS end_ms, a.note AS noted
  FROM fleet_robots r LEFT JOIN fleet_parks p ON p.robot = r.id
    LEFT JOIN fleet_absences a ON a.robot = r.id AND a.ended_ms IS NULL
  WHERE (r.state = 'approved' AND r.online = 0 AND r.since_ms IS NOT NULL) OR a.robot IS NOT NULL`;

/** The absences of robots as parks and schedules announce them. */
export interface Absences {
  /** Compares all robots that are away with what is announced now. Call it in `exclusive` after each change. */
  refresh(): Promise<void>;
  close(): void;
}

/** Begins and ends the announced absences at their times. Runs a timer only while an absence is announced. */
export function followAbsences(context: FleetContext): Absences {
  const { store, clock, log, exclusive } = context;
  let timer: Timer | undefined;
  let isClosed = false;
  const wait = (nextMs: number): void => {
    if (isClosed) return;
    timer = clock.after(Math.max(1, Math.min(LONGEST_WAIT_MS, nextMs - nowMs(context))), () => {
      exclusive(refresh).catch((error: unknown) => {
        log('error', `the fleet hub cannot compare announced absences: ${errorMessage(error)}`);
        wait(Number.POSITIVE_INFINITY);
      });
    });
  };
  const refresh = async (): Promise<void> => {
    timer?.cancel();
    const now = nowMs(context);
    await endParks(context, now);
    const parks = await store.read('SELECT from_ms, until_ms FROM fleet_parks');
    const [open] = await store.read('SELECT count(*) AS n FROM fleet_absences WHERE ended_ms IS NULL');
    if (parks.length === 0 && context.schedules.size === 0 && Number(open?.n) === 0) return;
    const rows = await store.read(AWAY);
    const changed = rows.map((row) => ({ robot: textOf(row.name!), statements: changesOf(context, row, now) }));
    const all = changed.flatMap(({ statements }) => statements);
    if (all.length > 0) await store.write(all);
    for (const { robot, statements } of changed)
      if (statements.length > 0) context.notify({ robot, topic: 'presence' });
    wait(nextChangeMs(context, parks, now));
  };
  return {
    refresh,
    close: () => {
      isClosed = true;
      timer?.cancel();
    },
  };
}

function changesOf(context: FleetContext, row: Row, now: number): readonly Statement[] {
  const id = Number(row.id);
  const isAway = row.state === 'approved' && row.online === 0;
  const expected = isAway ? expectedAbsence(context, row, now) : undefined;
  const known = optionalText(row.reason) as FleetAbsenceReason | undefined;
  if (!expected) {
    if (known === undefined) return [];
    const sql = 'UPDATE fleet_absences SET ended_ms = ?, end_reason = ? WHERE robot = ? AND ended_ms IS NULL';
    return [{ sql, parameters: [now, isAway ? END_REASONS[known] : null, id] }];
  }
  if (known === undefined) return [beginAbsence(id, expected, now)];
  const { reason, about, untilMs, note } = expected;
  if (known === reason && optionalNumber(row.end_ms) === untilMs && optionalText(row.noted) === note) return [];
  return [
    {
      sql: 'UPDATE fleet_absences SET reason = ?, about = ?, until_ms = ?, note = ? WHERE robot = ? AND ended_ms IS NULL',
      parameters: [reason, about, untilMs ?? null, note ?? null, id],
    },
  ];
}

/** Removes the parks that have ended. */
async function endParks({ store, notify }: FleetContext, now: number): Promise<void> {
  const ended = await store.read(
    'SELECT r.name FROM fleet_parks p JOIN fleet_robots r ON r.id = p.robot WHERE p.until_ms <= ?',
    [now],
  );
  if (ended.length === 0) return;
  await store.write([{ sql: 'DELETE FROM fleet_parks WHERE until_ms <= ?', parameters: [now] }]);
  for (const { name } of ended) notify({ robot: textOf(name!), topic: 'robot' });
}

/** Returns the next time at which a park or a schedule begins or ends. */
function nextChangeMs({ schedules }: FleetContext, parks: readonly Row[], now: number): number {
  const times = [
    ...parks.flatMap(({ from_ms, until_ms }) => [Number(from_ms), optionalNumber(until_ms)]),
    ...[...schedules.values()].map((schedule) => nextScheduleChange(schedule, now)),
  ];
  return times.reduce<number>((next, ms) => (ms !== undefined && ms > now ? Math.min(next, ms) : next), Infinity);
}
