/** Replays recorded reports through other rules. Nothing of a running gateway loads it. */

export type { FaultTriggerRule } from '../fault-triggers/fault-trigger.ts';
export { conditionText } from '../fault-triggers/fault-trigger.ts';
export type { Occurrence as RecordedOccurrence } from '../occurrences/occurrence.ts';
export { type CatalogueRecording, recordingOfRow, recordingsSince } from '../recordings/catalogue/recording-rows.ts';
export type { RecordedEvent, ReportRun } from '../report-log/report-run.ts';
export { occurrenceOfRow } from '../storage/occurrence-rows.ts';
export { REPORT_RUNS, reportRunOf } from '../storage/report-rows.ts';
export { MAX_REPLAYED_EVENTS, recordedEvents, type TimedEvent } from './recorded-events.ts';
export { type ReplayClock, replayClock } from './replay-clock.ts';
export { type FaultTriggerReplay, replayFaultTrigger } from './replay-fault-trigger.ts';
export {
  type FaultOutcome,
  type ReplayedOccurrence,
  type ReplayRules,
  replayReports,
} from './replay-reports.ts';
export { triedFaultTrigger } from './tried-fault-trigger.ts';
