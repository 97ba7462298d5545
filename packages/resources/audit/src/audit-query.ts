import { AUDIT_KINDS, AUDIT_OUTCOMES, DEFAULT_AUDIT_RECORDS, MAX_AUDIT_RECORDS, SovdError } from '@medkit/contract';
import { timestampNs } from '@medkit/entities';
import type { AuditQuery, FaultSources } from './audit-entry.ts';

/** The query parameters of a request, unparsed. */
export type AuditParameters = Readonly<
  Partial<
    Record<
      | 'entity'
      | 'client'
      | 'fault_code'
      | 'collection'
      | 'operation_id'
      | 'kind'
      | 'outcome'
      | 'status'
      | 'since'
      | 'until'
      | 'limit'
      | 'cursor',
      string | undefined
    >
  >
>;

/**
 * Parses a search of the audit log; an empty parameter counts as absent. Throws `invalid-parameter`.
 * @param sourcesOf returns the fault reporters of the entity with this id
 */
export function auditQuery(parameters: AuditParameters, sourcesOf: (entityId: string) => FaultSources): AuditQuery {
  const { entity, client, fault_code, collection, operation_id, kind, outcome, status } = parameters;
  const { since, until, limit, cursor } = parameters;
  return {
    limit: limit ? wholeOf('limit', limit, MAX_AUDIT_RECORDS) : DEFAULT_AUDIT_RECORDS,
    ...(cursor && { before: wholeOf('cursor', cursor, Number.MAX_SAFE_INTEGER) }),
    ...(kind && { kind: oneOf('kind', kind, AUDIT_KINDS) }),
    ...(entity && { entity: { id: entity, ...sourcesOf(entity) } }),
    ...(client && { clientId: client }),
    ...(fault_code && { faultCode: fault_code }),
    ...(collection && { collection }),
    ...(operation_id && { operationId: operation_id }),
    ...(outcome && { outcome: oneOf('outcome', outcome, AUDIT_OUTCOMES) }),
    ...(status && { status }),
    ...(since && { sinceNs: timeOf('since', since) }),
    ...(until && { untilNs: timeOf('until', until) }),
  };
}

function wholeOf(parameter: string, text: string, max: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= max) return number;
  throw refused(parameter, text, `must be a whole number from 1 to ${max}`);
}

function oneOf<Word extends string>(parameter: string, text: string, allowed: readonly Word[]): Word {
  const word = allowed.find((known) => known === text);
  if (word) return word;
  throw refused(parameter, text, `must be one of ${allowed.join(', ')}`);
}

function timeOf(parameter: string, text: string): bigint {
  const time = timestampNs(text);
  // A database integer holds nanoseconds of the years 1678 to 2261.
  if (time !== undefined && BigInt.asIntN(64, time) === time) return time;
  throw refused(parameter, text, 'must be a time of ISO 8601, such as 2026-03-23T02:00:00Z');
}

function refused(parameter: string, value: string, rule: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message: `Invalid ${parameter}: ${rule}`,
    parameters: { parameter, value },
  });
}
