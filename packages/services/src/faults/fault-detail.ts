import type { FaultDetailResult } from '@medkit/contract';
import type { EntityTree, FaultDetail } from '@medkit/core';
import { entityOfFault, explained, severityLabel, statusObject } from './fault-item.ts';

/** The body of one fault with its evidence. */
export function faultDetail(tree: EntityTree, detail: FaultDetail): FaultDetailResult {
  const { fault, snapshots } = detail;
  return {
    item: {
      code: fault.code,
      ...(fault.description !== '' && { fault_name: fault.description }),
      severity: fault.severity,
      status: statusObject(fault.status),
    },
    environment_data: {
      extended_data_records: {
        first_occurrence: isoMilliseconds(fault.firstOccurredNs),
        last_occurrence: isoMilliseconds(fault.lastOccurredNs),
      },
      snapshots: [...snapshots],
    },
    'x-medkit': {
      occurrence_count: fault.occurrenceCount,
      reporting_sources: [...fault.sources],
      severity_label: severityLabel(fault),
      status_raw: fault.status,
      ...entityOfFault(tree, fault),
      ...explained(fault, detail),
    },
  };
}

/** `2026-02-04T10:30:00.123Z`; a time before the epoch, which no clock gives, is the epoch. */
function isoMilliseconds(ns: bigint): string {
  return new Date(Math.max(0, Number(ns / 1_000_000n))).toISOString();
}
