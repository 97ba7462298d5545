import { type Fault, type FaultCluster, type FaultSymptom, isFaultStatus } from '@medkit/core';
import type { Correlation } from '../correlation/correlation.ts';
import { isSourceOf } from '../fault/fault-sources.ts';

/** Which faults are asked for; what is not given does not matter. */
export interface FaultQuery {
  /** Words that are no status do not count; where none is left, CONFIRMED is meant. */
  readonly statuses?: readonly string[];
  readonly severity?: number;
  /** The entity that reported them, by its source or the last segments of it. */
  readonly entity?: string;
  /** Whether symptoms that their root cause speaks for are listed. */
  readonly includeMuted?: boolean;
}

/** Faults by code, and what is known of how they hang together. */
export interface FaultList {
  readonly faults: readonly Fault[];
  readonly muted: readonly FaultSymptom[];
  readonly clusters: readonly FaultCluster[];
}

/** The faults that a query asks for. */
export function selectFaults(faults: readonly Fault[], query: FaultQuery, correlation: Correlation): FaultList {
  const { severity, entity, includeMuted = false } = query;
  const named = (query.statuses ?? []).filter(isFaultStatus);
  const statuses = new Set(named.length > 0 ? named : ['CONFIRMED']);
  const muted = correlation.mutedSymptoms();
  const hidden = new Set(includeMuted ? [] : muted.map(({ faultCode }) => faultCode));
  const selected = faults.filter(
    (fault) =>
      statuses.has(fault.status) &&
      (severity === undefined || fault.severity === severity) &&
      (entity === undefined || fault.sources.some((source) => isSourceOf(source, entity))) &&
      !hidden.has(fault.code),
  );
  selected.sort((a, b) => (a.code < b.code ? -1 : 1));
  return { faults: selected, muted, clusters: correlation.clusters() };
}
