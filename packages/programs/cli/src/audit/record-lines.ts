import type { AuditRecord } from '@medkit/contract';
import { table } from '../terminal/table.ts';

const HEADS = ['ID', 'TIME', 'WHO', 'WHAT', 'OUTCOME', 'LOCK', 'MORE'];

/** Audit records as a table, in the given order. Records of several gateways get a GATEWAY column. */
export function recordTable(records: readonly AuditRecord[]): string {
  if (records.every((record) => !record['x-medkit'])) return table(HEADS, records.map(cells));
  return table(
    ['GATEWAY', ...HEADS],
    records.map((record) => [record['x-medkit']?.origin ?? '', ...cells(record)]),
  );
}

function cells({ id, timestamp, request, access, observed, fault }: AuditRecord): readonly string[] {
  const common = [String(id), `${timestamp.slice(0, 23)}Z`];
  if (request) {
    const { method, path, client_id, remote_address, status, error_code, lock_id, notes } = request;
    const more = Object.entries(notes ?? {}).map(([name, value]) => `${name}=${value}`);
    return [
      ...common,
      client_id ?? remote_address,
      `${method} ${path.replace(/^\/api\/v1/, '')}`,
      error_code ? `${status} ${error_code}` : String(status),
      lock_id ?? '',
      more.join(' '),
    ];
  }
  if (access) {
    const { refused = 0, reasons = {}, sources = 0, most = [] } = access;
    const named = most.map(({ reason, address, principal, count }) => `${count} ${reason} ${principal ?? address}`);
    const counts = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
    return [...common, `${sources} sources`, `${refused} rejected`, counts.join(', '), '', named.join(', ')];
  }
  if (observed) {
    const { node, item = 'several', from, to, count } = observed;
    const values = [...(from === undefined ? [] : [`from=${from}`]), ...(to === undefined ? [] : [`to=${to}`])];
    return [
      ...common,
      'unknown',
      `${node} ${item}`,
      'seen',
      '',
      [...values, ...(count > 1 ? [`${count} times`] : [])].join(' '),
    ];
  }
  const { fault_code = '', transition = '', status = '', source_id = '', description = '' } = fault ?? {};
  return [...common, source_id, `${fault_code} ${transition}`, status, '', description];
}
