import type { AuditRecord, Incident } from '@medkit/contract';
import { shortened } from '@medkit/contract/bounds';

/** A record as a row of the table. A member is empty if the record does not have it. */
export interface AuditRow {
  readonly who: string;
  readonly what: string;
  readonly entity: string;
  /** `0.6 → 0.8` */
  readonly change: string;
  /** `done`, `refused` or `failed`; for a fault its transition. */
  readonly outcome: string;
  /** `409 lock-broken` */
  readonly reason: string;
  readonly lock: string;
}

const MAX_VALUE = 60;

/** Summarizes a record as a table row. */
export function auditRow({ request, fault, access, observed }: AuditRecord): AuditRow {
  const none: AuditRow = { who: '', what: '', entity: '', change: '', outcome: '', reason: '', lock: '' };
  if (request) {
    const { method, path, client_id, principal, on_behalf_of, outcome, status, error_code, lock_id, notes } = request;
    return {
      ...none,
      who:
        [on_behalf_of ?? principal?.replace(/^user:/, ''), client_id].filter(Boolean).join(' · ') ||
        request.remote_address,
      what: `${method} ${path.replace(/^\/api\/v1/, '')}`,
      entity: request.entity_id ?? '',
      change: changeText(notes?.['from'], notes?.['to']),
      outcome,
      reason: [status, error_code].filter(Boolean).join(' '),
      lock: lock_id ?? '',
    };
  }
  if (fault) {
    return {
      ...none,
      who: fault.source_id,
      what: fault.fault_code,
      change: fault.description,
      outcome: fault.transition,
      reason: fault.status,
    };
  }
  if (observed) {
    const { node, collection, item, from, to, count, entity_id } = observed;
    return {
      ...none,
      what: `${node} ${collection}${item ? `/${item}` : ''}${count > 1 ? ` ×${count}` : ''}`,
      entity: entity_id ?? '',
      change: changeText(from, to),
      outcome: 'observed',
    };
  }
  const details = Object.entries(Object(access)).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  return { ...none, what: details.map(([name, value]) => `${name} ${value}`).join(', '), outcome: 'refused' };
}

function changeText(from: unknown, to: unknown): string {
  if (typeof from !== 'string' && typeof to !== 'string') return '';
  return `${valueText(from)} → ${valueText(to)}`;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? shortened(value, MAX_VALUE) : '–';
}

/**
 * Returns the id of the incident that a record belongs to: the incident it changed, or the one whose root fault it
 * reports at that time.
 */
export function incidentOfRecord(
  { request, fault, timestamp }: AuditRecord,
  incidents: readonly Incident[],
): string | undefined {
  const named = /\/x-medkit-incidents\/([^/]+)/.exec(request?.path ?? '')?.[1];
  if (named !== undefined) return decoded(named);
  const ms = Date.parse(timestamp);
  return incidents.find(({ root, began, healed_at, closed_at }) => {
    const end = healed_at ?? closed_at;
    return root === fault?.fault_code && ms >= Date.parse(began) - 1000 && (!end || ms <= Date.parse(end) + 1000);
  })?.id;
}

/** The path comes from the client and may be malformed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
