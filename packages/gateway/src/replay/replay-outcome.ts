import { LOCAL } from '@medkit/core';
import { type FaultOutcome, type ReplayRules, replayReports, type TimedEvent } from '@medkit/faults/replay';
import type { IncidentEntry } from '@medkit/incidents';
import { type RecordedIncidents, replayedIncidents } from './replayed-incidents.ts';
import { type NotificationRules, type ReplayedNotification, replayedNotifications } from './replayed-notifications.ts';

/** What was recorded, as plain data. */
export interface ReplayRecord {
  readonly events: readonly TimedEvent[];
  readonly incidents: RecordedIncidents;
  /** Time until which faults are confirmed by their age, nanoseconds since 1970. Default: that of the last event. */
  readonly endNs?: bigint;
}

/** The rules that a replay runs the record through. */
export interface AllRules {
  readonly faults: ReplayRules;
  readonly notifications: NotificationRules;
}

/** The recordings are too long, or produce too many reports, for one replay. The message names the remedy. */
export class ReplayTooLong extends Error {
  override readonly name = 'ReplayTooLong';
}

/** What the rules would have made of the record. */
export interface Outcome {
  readonly faults: FaultOutcome;
  readonly incidents: readonly IncidentEntry[];
  readonly notifications: readonly ReplayedNotification[];
}

/** Runs a record through rules, with the functions of the gateway. Pure: reads no clock, disk or network. */
export function replay({ events, incidents: recorded, ...until }: ReplayRecord, rules: AllRules): Outcome {
  const endNs = until.endNs ?? events.at(-1)?.timeNs ?? 0n;
  const faults = replayReports(events, rules.faults, endNs);
  const incidents = replayedIncidents(faults.occurrences, recorded);
  const confirmed = new Map(
    faults.occurrences.map(({ code, number, confirmedAtNs }) => [`${code} ${number}`, Number(confirmedAtNs) / 1e6]),
  );
  const notifications =
    rules.notifications.receivers.length === 0
      ? []
      : replayedNotifications(
          incidents,
          rules.notifications,
          ({ origin, code, number, beganMs }) =>
            (origin === LOCAL ? confirmed.get(`${code} ${number}`) : undefined) ?? beganMs,
          Number(endNs) / 1e6,
        );
  return { faults, incidents, notifications };
}
