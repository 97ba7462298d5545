import { errorMessage, type Log } from '@medkit/core';
import { type Clock, type Timer, taskQueue } from '@medkit/edges';
import { recentCampaignChanges } from '../campaigns/recent-changes.ts';
import type { FleetChange, FleetStore } from '../fleet-context.ts';
import { groupMembers } from '../groups/robot-filters.ts';
import { recentVersionChanges } from '../robots/version-changes.ts';
import type { RobotPings } from '../sessions/robot-pings.ts';
import { judge, type OutbreakNow } from './judge.ts';
import { outbreakReport } from './outbreak-report.ts';
import {
  changeStatement,
  type FleetOutbreak,
  openStatement,
  outbreakOf,
  REMOVE_OLDEST,
  recentOutbreaks,
  storedOutbreaks,
} from './outbreak-rows.ts';
import { readOccurrences, readRobots, readVersions } from './read-windows.ts';
import { surroundingsOf, withChanges } from './surroundings.ts';
import type { OutbreakSettings, VersionNow } from './windows.ts';

/** Time between two judgements. */
const PERIOD_MS = 10_000;
/** Time from a fault event to its judgement: the events of other robots arrive with it. */
const SOON_MS = 1000;
/** A judgement waits for this many times the duration of the last one: a storm of faults must not use up the reader. */
const REST = 20;
/** Time for which running hours and errors by version are used: they are sums over all robots and a day. */
const VERSIONS_MS = 60_000;

export interface OutbreakOptions {
  readonly store: FleetStore;
  readonly clock: Clock;
  readonly pings: RobotPings;
  readonly settings: OutbreakSettings;
  /** Calls the listener after each change of the fleet, as `Fleet` does. */
  readonly onFleetChange: (listener: (change: FleetChange) => void) => () => void;
  /**
   * Receives all outbreaks of the record after the start, and each one that opened, changed or ended after it is stored.
   */
  readonly onOutbreak: (outbreak: FleetOutbreak) => void;
  readonly log: Log;
}

/** The outbreaks of a hub. */
export interface Outbreaks {
  /** Judges now. Rejects with a `StoreError`. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Judges the fleet each 10 s and after fault events, and stores the outbreaks. */
export function followOutbreaks(options: OutbreakOptions): Outbreaks {
  const { store, clock, log, onFleetChange, onOutbreak } = options;
  const startedMs = wallMs(clock);
  const exclusive = taskQueue();
  const versions = versionReader(options);
  let [isFailing, omitted, isAnnounced] = [false, 0, false];
  let soon: Timer | undefined;
  /** When the next judgement may begin, on the monotonic clock. */
  let earliestMs = 0;

  const refresh = (): Promise<void> =>
    exclusive(async () => {
      // A hub that was killed may have stored an outbreak that it did not report.
      if (!isAnnounced) for await (const each of storedOutbreaks(store)) onOutbreak(each);
      isAnnounced = true;
      const nowMs = wallMs(clock);
      const { settings } = options;
      const robots = await readRobots(options, nowMs);
      const known = await recentOutbreaks(store, nowMs);
      const judged = judge(
        {
          ...{ nowMs, startedMs, robots, known, versions: await versions(nowMs) },
          occurrences: await readOccurrences(options, nowMs, settings, known),
        },
        settings,
      );
      if (judged.omitted > 0 && omitted === 0)
        log('warn', `${judged.omitted} outbreaks are not reported: too many others are open`);
      omitted = judged.omitted;
      if (judged.openings.length + judged.changes.length + judged.ends.length === 0) return;
      const around = surroundingsOf(robots, await groupMembers({ store }));
      const versionChanges = await recentVersionChanges(store, nowMs);
      const changes = { versions: versionChanges, campaigns: await recentCampaignChanges(store, nowMs) };
      const withReport = <Now extends OutbreakNow>(now: Now) => {
        const changed = withChanges(now, changes);
        return { ...changed, report: outbreakReport(changed, around) };
      };
      const { results } = await store.write([
        ...judged.openings.map((each) => openStatement(withReport(each), nowMs)),
        ...[...judged.changes, ...judged.ends.map((each) => ({ ...each, uncounted: 0 }))].map((each) =>
          changeStatement(each.id, withReport(each), nowMs),
        ),
        REMOVE_OLDEST,
      ]);
      for (const { rows } of results.slice(0, -1)) for (const row of rows) onOutbreak(outbreakOf(row));
    });
  const run = (): void => {
    soon?.cancel();
    soon = undefined;
    const beganMs = clock.monotonicMs();
    if (beganMs < earliestMs) return;
    earliestMs = Number.POSITIVE_INFINITY;
    const rest = (): void => {
      const endedMs = clock.monotonicMs();
      earliestMs = endedMs + REST * (endedMs - beganMs);
    };
    refresh().then(
      () => {
        rest();
        isFailing = false;
      },
      (error: unknown) => {
        rest();
        if (!isFailing) log('error', `the fleet hub cannot judge outbreaks, it retries: ${errorMessage(error)}`);
        isFailing = true;
      },
    );
  };
  const timer = clock.every(PERIOD_MS, run);
  const stop = onFleetChange(({ topic }) => {
    if (topic === 'events') soon ??= clock.after(SOON_MS, run);
  });
  run();
  return {
    refresh,
    close: async () => {
      timer.cancel();
      soon?.cancel();
      stop();
      await exclusive(async () => undefined);
    },
  };
}

const wallMs = (clock: Clock): number => Math.floor(clock.wallMs());

/** Reads the versions at most once a minute. */
function versionReader(options: OutbreakOptions): (nowMs: number) => Promise<readonly VersionNow[]> {
  let read: { readonly atMs: number; readonly versions: readonly VersionNow[] } | undefined;
  return async (nowMs) => {
    const atMs = options.clock.monotonicMs();
    if (!read || atMs - read.atMs >= VERSIONS_MS) read = { atMs, versions: await readVersions(options, nowMs) };
    return read.versions;
  };
}
