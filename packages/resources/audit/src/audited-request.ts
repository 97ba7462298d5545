import { type AuditedRequest, type AuditOutcome, MAX_CLIENT_ID_LENGTH, shortened } from '@medkit/contract';
import { type AuditEntry, MINOR_REQUEST_TRANSITION, REQUEST_CODE, REQUEST_TRANSITION } from './audit-entry.ts';
import { detailsOf } from './record-details.ts';

/** Maximum characters of one text in a record: clients choose paths, ids and notes. */
const MAX_TEXT = 1024;
/** Maximum notes of one request. */
const MAX_NOTES = 16;
/** Maximum characters of a note's name and of its value. */
const MAX_NOTE = 256;

/** A request and its outcome, known once the reply was sent. */
export interface AnsweredRequest extends Omit<AuditedRequest, 'outcome' | 'notes'> {
  /** Time of arrival, nanoseconds since the Unix epoch. */
  readonly cameAtNs: bigint;
  readonly notes: Readonly<Record<string, string>>;
}

/**
 * Creates an audit record from a request. It uses the columns of fault records, so that one hash chain covers both. The
 * client is the source, the HTTP status is the status, and the description is JSON of all other fields.
 * @param weight `minor` if the record counts towards the limit of refused and unauthenticated requests
 */
export function requestEntry(
  request: AnsweredRequest,
  weight: 'full' | 'minor' = 'full',
): Omit<AuditEntry, 'seq' | 'hash'> {
  const { cameAtNs, client_id, status, notes, ...rest } = request;
  const texts = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === 'string' ? shortened(value, MAX_TEXT) : value,
  ]);
  const noted = Object.entries(notes)
    .slice(0, MAX_NOTES)
    .map(([name, value]) => [shortened(name, MAX_NOTE), shortened(String(value), MAX_NOTE)]);
  const details = { ...Object.fromEntries(texts), ...(noted.length > 0 && { notes: Object.fromEntries(noted) }) };
  return {
    occurredAtNs: cameAtNs,
    faultCode: REQUEST_CODE,
    transition: weight === 'minor' ? MINOR_REQUEST_TRANSITION : REQUEST_TRANSITION,
    severity: 0,
    status: String(status),
    sourceId: shortened(client_id ?? '', MAX_CLIENT_ID_LENGTH),
    description: JSON.stringify(details),
  };
}

/** Parses the request from a record of `requestEntry`. A description that was tampered with gives empty fields. */
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

/** Returns the outcome of a request by the HTTP status of its reply. */
function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}

const UNREADABLE = { method: '', operation_id: '', path: '', remote_address: '', duration_ms: 0 };
