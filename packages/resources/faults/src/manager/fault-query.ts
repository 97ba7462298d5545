import { type Fault, type FaultCluster, type FaultSymptom, isFaultStatus } from '@medkit/core';
import type { Correlation } from '../correlation/correlation.ts';
import { isSourceOf } from '../fault/fault-sources.ts';

/** A selection of faults; absent fields match every fault. */
export interface FaultQuery {
  /** Unknown words are ignored; if none is left, CONFIRMED is used. */
  readonly statuses?: readonly string[];
  readonly severity?: number;
  /** The entity that reported the faults, by its source or the last segments of it. */
  readonly entity?: string;
  /** Whether muted symptoms are listed. */
  readonly includeMuted?: boolean;
}

/** Faults by code, with their correlation. */
export interface FaultList {
  readonly faults: readonly Fault[];
  readonly muted: readonly FaultSymptom[];
  readonly clusters: readonly FaultCluster[];
}

/** Returns the faults that match a query. */
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
