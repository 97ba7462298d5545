import type { Fault, FaultCluster, FaultStatus, FaultSymptom, FaultThresholds } from '../faults/fault.ts';
import type { FaultEventPage } from '../faults/fault-event.ts';
import type { CallContext } from './call-context.ts';
import type { JsonObject } from './data-provider.ts';

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
  /** The cluster that it belongs to. */
  readonly cluster?: FaultCluster;
  /** Freeze frames and recordings, as they are sent. */
  readonly snapshots: readonly JsonObject[];
}

/** The fault manager of a runtime, named by `FAULT_MANAGER_ID`. Failures are thrown as `SovdError`. */
export interface FaultProvider {
  list(nativeId: string, query: FaultQuery, call: CallContext): Promise<FaultList>;
  /** `undefined` for a code that was never reported. */
  get(nativeId: string, code: string, call: CallContext): Promise<FaultDetail | undefined>;
  /** Puts a fault away, and with `cascade` the symptoms that it explains. False for a code that was never reported. */
  clear(nativeId: string, code: string, options: { readonly cascade: boolean }, call: CallContext): Promise<boolean>;
  /** Up to `limit` events after the one with number `id`, from the log; with 0 only where it begins and ends. */
  eventsAfter(nativeId: string, id: number, limit: number, call: CallContext): Promise<FaultEventPage>;
}
