import type { AuditRecord } from '@medkit/contract';
import { columns } from '../command/columns.ts';

const HEADS = ['ID', 'TIME', 'WHO', 'WHAT', 'OUTCOME', 'LOCK', 'MORE'] as const;
/** Characters of a cell that a terminal has room for. */
const MAX_CELL = 60;

/** Records of the audit log as a table for a person, in the order in which they are given. */
export function recordTable(records: readonly AuditRecord[]): string {
  return columns([HEADS, ...records.map((record) => cells(record).map(cell))]);
}

function cells({ id, timestamp, request, fault }: AuditRecord): readonly string[] {
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
  const { fault_code = '', transition = '', status = '', source_id = '', description = '' } = fault ?? {};
  return [...common, source_id, `${fault_code} ${transition}`, status, '', description];
}

/** On one line, without what a terminal would act on. */
function cell(text: string): string {
  const plain = text.replaceAll(/\p{Cc}/gu, ' ');
  return plain.length <= MAX_CELL ? plain : `${plain.slice(0, MAX_CELL - 1)}…`;
}
