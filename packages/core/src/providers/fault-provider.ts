import type {
  Fault,
  FaultCluster,
  FaultOccurrence,
  FaultStatus,
  FaultSymptom,
  FaultThresholds,
} from '../faults/fault.ts';
import type { FaultEventPage, FaultEventQuery } from '../faults/fault-event.ts';
import type { FaultSnapshot, LogExcerpt, RecordingSource } from '../faults/fault-evidence.ts';
import type { FaultRecord } from '../faults/fault-record.ts';
import type { FaultReport } from '../faults/fault-report.ts';
import type { Awaitable, CallContext } from './call-context.ts';
import type { RecentQuery, RecentValues } from './data-provider.ts';

/** Native id of the fault manager of a runtime. A runtime has at most one. */
export const FAULT_MANAGER_ID = '/fault_manager';

/** Selects faults. */
export interface FaultQuery {
  readonly statuses: readonly FaultStatus[];
  /** Whether to include symptoms that are muted by their root cause. */
  readonly includeMuted: boolean;
}

/** A fault with its thresholds and its native record. */
export interface ExplainedFault {
  readonly fault: Fault;
  /** Thresholds that apply to each of its sources. */
  readonly thresholds: readonly FaultThresholds[];
  /** The native record, if the runtime that reported the fault records faults in a proprietary format. */
  readonly record?: FaultRecord;
}

/** Faults, with the symptoms and clusters that relate them. */
export interface FaultList {
  readonly faults: readonly ExplainedFault[];
  /** All muted symptoms, whatever the query. */
  readonly muted: readonly FaultSymptom[];
  /** All clusters, whatever the query. */
  readonly clusters: readonly FaultCluster[];
}

/** One fault with its evidence. */
export interface FaultDetail extends ExplainedFault {
  /** The root cause that mutes it. Absent if it is not a muted symptom. */
  readonly muted?: FaultSymptom;
  /** The root cause that explains it, whether or not the rule mutes symptoms. */
  readonly symptomOf?: FaultSymptom;
  /** The cluster that it belongs to. */
  readonly cluster?: FaultCluster;
  /** Freeze frames, then recordings, each newest first. */
  readonly snapshots: readonly FaultSnapshot[];
  /** Log excerpts, newest occurrence first. Absent if the fault manager stores none. */
  readonly logs?: readonly LogExcerpt[];
  /**
   * What is missing from the evidence of the current occurrence, and why. Absent if nothing is missing, or if that is
   * unknown.
   */
  readonly missing?: string;
}

/** A channel of a runtime, as named in the evidence of faults. */
export interface EvidenceChannel {
  readonly name: string;
  readonly runtime: string;
}

/** The fault manager of a runtime, addressed by `FAULT_MANAGER_ID`. Failures are thrown as `SovdError`. */
export interface FaultProvider {
  /**
   * Returns the faults. While nothing has changed, returns the same object synchronously if the manager can detect
   * that: clients poll every second.
   */
  list(nativeId: string, query: FaultQuery, call: CallContext): Awaitable<FaultList>;
  /** Returns `undefined` for a code that was never reported. */
  get(nativeId: string, code: string, call: CallContext): Promise<FaultDetail | undefined>;
  /** Returns the stored occurrences of a fault, oldest first. */
  occurrences(nativeId: string, code: string, call: CallContext): Promise<readonly FaultOccurrence[]>;
  /**
   * Returns true once the report is accepted; the fault manager of medkit has then written it to disk. Returns false if
   * the report is refused.
   */
  report(nativeId: string, report: FaultReport, call: CallContext): Promise<boolean>;
  /**
   * Clears a fault, and with `cascade` also the symptoms that it explains. Returns false for a code that was never
   * reported.
   */
  clear(nativeId: string, code: string, options: { readonly cascade: boolean }, call: CallContext): Promise<boolean>;
  /** Returns the recordings of faults that any of these sources reported, newest first. */
  recordings(nativeId: string, sources: readonly string[], call: CallContext): Promise<readonly RecordingSource[]>;
  /** Returns a recording by its name, or else the newest recording of the fault with that code. */
  recording(nativeId: string, idOrCode: string, call: CallContext): Promise<RecordingSource | undefined>;
  /**
   * Returns the values of the last seconds of a channel that are stored for the evidence of future faults. Does not
   * start storing anything. Throws `precondition-not-fulfilled` if the channel is not stored; the error names the
   * setting that would store it. Absent if the runtime stores no such evidence.
   */
  recent?(nativeId: string, channel: EvidenceChannel, query: RecentQuery, call: CallContext): Promise<RecentValues>;
  /**
   * Returns up to `limit` events after the event with number `id`. With limit 0, returns only the oldest and newest id.
   */
  eventsAfter(nativeId: string, id: number, limit: number, call: CallContext): Promise<FaultEventPage>;
  /** Returns events of the given types only. */
  eventsOf(nativeId: string, query: FaultEventQuery, call: CallContext): Promise<FaultEventPage>;
}
