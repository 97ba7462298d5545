import type { FaultSeverity, FaultStatus } from '@medkit/core';
import type { Row, Statement } from '@medkit/store';
import type { NearMiss } from '../near-misses/near-miss.ts';
import { nanoseconds } from './fault-row.ts';

/** Returns the statements that add a near miss to its code and remove the oldest beyond `bound`; 0 for no limit. */
export function appendNearMiss(nearMiss: NearMiss, bound: number): readonly Statement[] {
  const append: Statement = {
    sql: `INSERT INTO near_misses
            (fault_code, occurred_at_ns, debounce_counter, confirmation_threshold, severity, source_id, source_runtime,
             resulting_status)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      nearMiss.faultCode,
      nearMiss.occurredAtNs,
      nearMiss.counter,
      nearMiss.confirmationThreshold,
      nearMiss.severity,
      nearMiss.source,
      nearMiss.runtime ?? null,
      nearMiss.resultingStatus,
    ],
  };
  if (bound === 0) return [append];
  const trim: Statement = {
    sql: `DELETE FROM near_misses WHERE fault_code = :code AND id <= (
            SELECT id FROM near_misses WHERE fault_code = :code ORDER BY id DESC LIMIT 1 OFFSET :bound)`,
    parameters: { code: nearMiss.faultCode, bound },
  };
  return [append, trim];
}

/** Returns the statement that removes the oldest near misses of every code beyond `bound`, which is not 0. */
export function trimNearMisses(bound: number): Statement {
  return {
    sql: `DELETE FROM near_misses WHERE id IN (
            SELECT id FROM (
              SELECT id, row_number() OVER (PARTITION BY fault_code ORDER BY id DESC) AS place FROM near_misses
            ) WHERE place > ?)`,
    parameters: [bound],
  };
}

export function nearMissOfRow(row: Row): NearMiss {
  return {
    faultCode: String(row.fault_code),
    occurredAtNs: nanoseconds(row.occurred_at_ns),
    counter: Number(row.debounce_counter),
    confirmationThreshold: Number(row.confirmation_threshold),
    severity: Number(row.severity) as FaultSeverity,
    source: String(row.source_id),
    ...(row.source_runtime !== null && { runtime: String(row.source_runtime) }),
    resultingStatus: String(row.resulting_status) as FaultStatus | '',
  };
}
