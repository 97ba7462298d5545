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

/** The native id under which the fault manager of a runtime is asked; each runtime has one at most. */
export const FAULT_MANAGER_ID = '/fault_manager';

/** Which faults are asked for. */
export interface FaultQuery {
  readonly statuses: readonly FaultStatus[];
  /** Whether symptoms that their root cause speaks for are listed. */
  readonly includeMuted: boolean;
}

/** A fault and what explains how it stands. */
export interface ExplainedFault {
  readonly fault: Fault;
  /** In force for each of its sources. */
  readonly thresholds: readonly FaultThresholds[];
  /** Where the runtime that reported it records its faults in a form of its own. */
  readonly record?: FaultRecord;
}

/** Faults by code, and how all faults hang together. */
export interface FaultList {
  readonly faults: readonly ExplainedFault[];
  /** All symptoms that are kept from lists, whatever was asked for. */
  readonly muted: readonly FaultSymptom[];
  /** All clusters, whatever was asked for. */
  readonly clusters: readonly FaultCluster[];
}

/** One fault with its evidence. */
export interface FaultDetail extends ExplainedFault {
  /** The root cause that speaks for it, where it is a symptom that is kept from lists. */
  readonly muted?: FaultSymptom;
  /** The root cause that explains it, by a rule that mutes or by one that does not. */
  readonly symptomOf?: FaultSymptom;
  /** The cluster that it belongs to. */
  readonly cluster?: FaultCluster;
  /** Freeze frames, then recordings, each the newest first. */
  readonly snapshots: readonly FaultSnapshot[];
  /** What was logged around it, that of the newest occurrence first; absent where nobody keeps that. */
  readonly logs?: readonly LogExcerpt[];
  /** What is not among the evidence of its present occurrence, and why; absent where nothing is missed, or nobody knows. */
  readonly missing?: string;
}

/** A channel of a runtime, as evidence of faults is kept of it. */
export interface EvidenceChannel {
  readonly name: string;
  readonly runtime: string;
}

/** The fault manager of a runtime, named by `FAULT_MANAGER_ID`. Failures are thrown as `SovdError`. */
export interface FaultProvider {
  /** The very same object while nothing has changed, and that at once, where the manager can tell: clients ask every second. */
  list(nativeId: string, query: FaultQuery, call: CallContext): Awaitable<FaultList>;
  /** `undefined` for a code that was never reported. */
  get(nativeId: string, code: string, call: CallContext): Promise<FaultDetail | undefined>;
  /** The occurrences of a fault that are kept, the oldest first. */
  occurrences(nativeId: string, code: string, call: CallContext): Promise<readonly FaultOccurrence[]>;
  /** True once the report is taken, which with a fault manager of medkit means on disk; false where it is refused. */
  report(nativeId: string, report: FaultReport, call: CallContext): Promise<boolean>;
  /** Puts a fault away, and with `cascade` the symptoms that it explains. False for a code that was never reported. */
  clear(nativeId: string, code: string, options: { readonly cascade: boolean }, call: CallContext): Promise<boolean>;
  /** Recordings of faults that any of these sources reported, the newest first. */
  recordings(nativeId: string, sources: readonly string[], call: CallContext): Promise<readonly RecordingSource[]>;
  /** A recording by its own name, else the newest of the fault of that code. */
  recording(nativeId: string, idOrCode: string, call: CallContext): Promise<RecordingSource | undefined>;
  /**
   * What is at hand of the last seconds of a channel, for evidence of faults to come; it keeps nothing that is not kept anyway.
   * Throws `precondition-not-fulfilled` where nothing keeps it, with what would. Absent: it keeps no such evidence.
   */
  recent?(nativeId: string, channel: EvidenceChannel, query: RecentQuery, call: CallContext): Promise<RecentValues>;
  /** Up to `limit` events after the one with number `id`, from the log; with 0 only where it begins and ends. */
  eventsAfter(nativeId: string, id: number, limit: number, call: CallContext): Promise<FaultEventPage>;
  /** Events of some types alone. */
  eventsOf(nativeId: string, query: FaultEventQuery, call: CallContext): Promise<FaultEventPage>;
}
