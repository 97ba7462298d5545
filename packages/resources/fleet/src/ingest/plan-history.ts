import type { Statement } from '@medkit/store';
import type { Fingerprint, IssueFacts } from '../issues/fingerprint.ts';
import type { RecordedFault } from './fault-event.ts';
import { incidentStatements, type PartTarget, reportedIncident, runStatements } from './occurrence-statements.ts';
import { type PlannedOccurrences, planOccurrences } from './plan-occurrences.ts';
import { followRuns, type RobotRun, type Software, type TimedRecord } from './robot-runs.ts';

/** A record with its corrected time, and the fault event that it is. */
export interface ReadRecord extends TimedRecord {
  readonly uncertainMs: number | undefined;
  readonly fault: RecordedFault | undefined;
}

/** What the hub knows of a robot before a batch. */
export interface RobotHistory {
  readonly site: string | undefined;
  /** Software that the robot stated when it connected, and the number of the newest record at that time. */
  readonly connected: Software;
  readonly newest: number;
  readonly run: RobotRun | undefined;
}

/** What a part of a batch adds to the history of its robot. */
export interface PlannedHistory {
  readonly occurrences: PlannedOccurrences;
  readonly target: PartTarget;
  /** Running time and incidents; the latter follow the occurrences. */
  readonly statements: readonly Statement[];
}

/** Plans the occurrences, incidents and running time of a part. */
export function planHistory(
  records: readonly ReadRecord[],
  { site, connected, newest, run }: RobotHistory,
  place: Omit<PartTarget, 'site'>,
  fingerprintOf: (facts: IssueFacts) => Fingerprint,
): PlannedHistory {
  const target = { ...place, site };
  const runs = followRuns(records, run);
  const events = records.flatMap(({ record, atMs, uncertainMs, fault }, index) => {
    if (!fault) return [];
    const stated = runs.software[index]!;
    // Records that were written after the robot connected are from the software that it stated then.
    const since: Partial<Software> = record.seq > newest ? connected : {};
    const software = { medkit: stated.medkit ?? since.medkit, version: stated.version ?? since.version };
    return [{ record, fault, atMs, uncertainMs, software }];
  });
  const incidents = records.flatMap(({ record, atMs }) => reportedIncident(record, atMs) ?? []);
  return {
    occurrences: planOccurrences(events, fingerprintOf),
    target,
    statements: [...runStatements(runs, target), ...incidentStatements(incidents, target)],
  };
}
