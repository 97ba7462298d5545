import type { AuditKind } from '@medkit/contract';
import type { Row, SqlValue, Statement } from '@medkit/store';
import {
  ACCESS_TRANSITION,
  type AuditEntry,
  type AuditQuery,
  CLEARED_BY,
  MINOR_REQUEST_TRANSITION,
  OBSERVED_TRANSITION,
  REQUEST_TRANSITION,
} from './audit-entry.ts';

/** A condition of a query, and its values. */
type Condition = readonly [sql: string, ...values: SqlValue[]];

const COLUMNS = 'seq, occurred_at_ns, fault_code, transition, severity, status, source_id, description, record_hash';
const REQUESTS = `'${REQUEST_TRANSITION}', '${MINOR_REQUEST_TRANSITION}'`;
const IS_REQUEST = `transition IN (${REQUESTS})`;
const IS_ACCESS = `transition = '${ACCESS_TRANSITION}'`;
const IS_OBSERVED = `transition = '${OBSERVED_TRANSITION}'`;
const IS_FAULT = `transition NOT IN (${REQUESTS}, '${ACCESS_TRANSITION}', '${OBSERVED_TRANSITION}')`;
/** A fault record caused by its reporter or by the pending timer. */
const IS_REPORT = `transition IN ('occurred', 'confirmed') AND source_id <> 'auto_confirm_timer'`;
const IS_OF: Readonly<Record<AuditKind, string>> = {
  request: IS_REQUEST,
  access: IS_ACCESS,
  observed: IS_OBSERVED,
  fault: IS_FAULT,
};
/**
 * Returns SQL for a field in the description of a request or change; NULL if the description is not JSON, as in a
 * manipulated record.
 */
const detailOf = (field: string): string =>
  `CASE WHEN (${IS_REQUEST} OR ${IS_OBSERVED}) AND json_valid(description) THEN json_extract(description, '$.${field}') END`;

/** Bounds of the HTTP status of each outcome. */
const STATUSES = { done: [100, 399], refused: [400, 499], failed: [500, 599] } as const;

/** Returns the statement that selects records of the audit log, newest first. */
export function auditStatement(query: AuditQuery): Statement {
  return statementOf(conditionsOf(query), 'DESC', query.limit);
}

/** Returns the statement that selects the records after number `after`, oldest first. */
export function auditTailStatement(after: number, query: AuditQuery): Statement {
  return statementOf([['seq > ?', after], ...conditionsOf(query)], 'ASC', query.limit);
}

/** Selects the numbers of the first and the last record; 0 if the log is empty. */
export const AUDIT_ENDS = `SELECT coalesce((SELECT min(seq) FROM audit_log), 0) AS oldest,
  coalesce((SELECT seq FROM audit_chain_head), 0) AS newest`;

function statementOf(conditions: readonly Condition[], order: 'ASC' | 'DESC', limit: number): Statement {
  const where = conditions.map(([sql]) => `(${sql})`).join(' AND ') || '1 = 1';
  return {
    sql: `SELECT ${COLUMNS} FROM audit_log WHERE ${where} ORDER BY seq ${order} LIMIT ?`,
    parameters: [...conditions.flatMap(([, ...values]) => values), limit],
  };
}

function conditionsOf(query: AuditQuery): readonly Condition[] {
  const { before, kind, entity, clientId, faultCode, collection, operationId, outcome, status, sinceNs, untilNs } =
    query;
  const conditions: Condition[] = [];
  if (before !== undefined) conditions.push(['seq < ?', before]);
  if (kind !== undefined) conditions.push([IS_OF[kind]]);
  if (faultCode !== undefined) conditions.push([`${IS_FAULT} AND fault_code = ?`, faultCode]);
  if (collection !== undefined) conditions.push([`${detailOf('collection')} = ?`, collection]);
  if (operationId !== undefined) conditions.push([`${detailOf('operation_id')} = ?`, operationId]);
  if (outcome !== undefined) {
    conditions.push([`CASE WHEN ${IS_REQUEST} THEN CAST(status AS INTEGER) END BETWEEN ? AND ?`, ...STATUSES[outcome]]);
  }
  if (status !== undefined) conditions.push(['status = ?', status]);
  if (sinceNs !== undefined) conditions.push(['occurred_at_ns >= ?', sinceNs]);
  if (untilNs !== undefined) conditions.push(['occurred_at_ns < ?', untilNs]);
  if (clientId !== undefined) {
    conditions.push([
      `(${IS_REQUEST} AND source_id = ?) OR (transition = 'cleared' AND source_id = ?)`,
      clientId,
      `${CLEARED_BY}:${clientId}`,
    ]);
  }
  if (entity !== undefined) {
    const { id, sources, allButSources } = entity;
    const isReported = allButSources
      ? `(source_id IN (SELECT value FROM json_each(?)) OR ${IS_REPORT} AND source_id NOT IN (SELECT value FROM json_each(?)))`
      : 'source_id IN (SELECT value FROM json_each(?))';
    // Healing and clearing do not name the reporter: all records of a fault that was reported there match.
    conditions.push([
      `${detailOf('entity_id')} = ? OR (${IS_FAULT} AND fault_code IN (
         SELECT fault_code FROM audit_log WHERE ${IS_FAULT} AND ${isReported}))`,
      id,
      JSON.stringify(sources),
      ...(allButSources ? [JSON.stringify(allButSources)] : []),
    ]);
  }
  return conditions;
}

/** Converts a row of the audit log. */
export function auditEntry(row: Row): AuditEntry {
  return {
    seq: Number(row.seq),
    occurredAtNs: BigInt(row.occurred_at_ns as number | bigint),
    faultCode: String(row.fault_code),
    transition: String(row.transition),
    severity: Number(row.severity),
    status: String(row.status),
    sourceId: String(row.source_id),
    description: String(row.description),
    hash: String(row.record_hash),
  };
}
