/** Replays recorded reports through other rules. Nothing of a running gateway loads it. */

export type { Occurrence as RecordedOccurrence } from '../occurrences/occurrence.ts';
export type { RecordedEvent, ReportRun } from '../report-log/report-run.ts';
export { occurrenceOfRow } from '../storage/occurrence-rows.ts';
export { REPORT_RUNS, reportRunOf } from '../storage/report-rows.ts';
export { MAX_REPLAYED_EVENTS, recordedEvents, type TimedEvent } from './recorded-events.ts';
export {
  type FaultOutcome,
  type ReplayedOccurrence,
  type ReplayRules,
  replayReports,
} from './replay-reports.ts';
