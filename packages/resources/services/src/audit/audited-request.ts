import { type AuditedRequest, type AuditOutcome, MAX_CLIENT_ID_LENGTH } from '@medkit/contract';
import { type AuditEntry, MINOR_REQUEST_TRANSITION, REQUEST_CODE, REQUEST_TRANSITION } from './audit-entry.ts';
import { detailsOf } from './record-details.ts';

/** Characters of any one text in a record at most: clients choose paths, ids and what else is noted. */
const MAX_TEXT = 1024;
/** Notes of one request at most. */
const MAX_NOTES = 16;
/** Characters of the name of a note, and of what it says, at most. */
const MAX_NOTE = 256;

/** What became known of a request by the time of its reply. */
export interface AnsweredRequest extends Omit<AuditedRequest, 'outcome' | 'notes'> {
  /** When it came, nanoseconds since the Unix epoch. */
  readonly cameAtNs: bigint;
  readonly notes: Readonly<Record<string, string>>;
}

/**
 * A request as a record of the audit log. It has the columns of a fault's, so that one chain of hashes holds for both: who
 * asked is its source, the HTTP status its status, and its description is JSON of everything else.
 *
 * @param weight `minor` for a request whose record counts towards the limit of refused and unauthenticated requests
 */
export function requestEntry(
  request: AnsweredRequest,
  weight: 'full' | 'minor' = 'full',
): Omit<AuditEntry, 'seq' | 'hash'> {
  const { cameAtNs, client_id, status, notes, ...rest } = request;
  const texts = Object.entries(rest).map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]);
  const noted = Object.entries(notes)
    .slice(0, MAX_NOTES)
    .map(([name, value]) => [cut(name, MAX_NOTE), cut(String(value), MAX_NOTE)]);
  const details = { ...Object.fromEntries(texts), ...(noted.length > 0 && { notes: Object.fromEntries(noted) }) };
  return {
    occurredAtNs: cameAtNs,
    faultCode: REQUEST_CODE,
    transition: weight === 'minor' ? MINOR_REQUEST_TRANSITION : REQUEST_TRANSITION,
    severity: 0,
    status: String(status),
    sourceId: cut(client_id ?? '', MAX_CLIENT_ID_LENGTH),
    description: JSON.stringify(details),
  };
}

/** The request of a record that `requestEntry` made. A description that was tampered with shows as nothing but that. */
export function auditedRequest({ status, sourceId, description }: AuditEntry): AuditedRequest {
  const code = Number(status);
  return {
    ...UNREADABLE,
    ...detailsOf(description),
    ...(sourceId !== '' && { client_id: sourceId }),
    status: code,
    outcome: outcomeOf(code),
  };
}

/** What a reply of this HTTP status says of its request. */
export function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}

const UNREADABLE = { method: '', operation_id: '', path: '', remote_address: '', duration_ms: 0 };

function cut(text: string, length = MAX_TEXT): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
