import { FirstDenials, requestEntry } from '@medkit/audit';
import type { Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { AuditRecord } from '@medkit/store';
import type { FastifyRequest } from 'fastify';
import type { AccessAudit } from './access-audit.ts';
import { accountNotes, requestFacts } from './request-facts.ts';

export interface DeniedRequestsOptions {
  readonly access: AccessAudit;
  readonly model: Pick<Model, 'tree'>;
  readonly clock: Clock;
  /** Writes into the audit log; absent if requests are not audited. */
  readonly write?: ((record: AuditRecord) => Promise<unknown>) | undefined;
}

/** Called for every request of an identified client that lacks the permission. */
export type DeniedRequests = (request: FastifyRequest, code: string, status: number) => void;

/**
 * Records the first request in each hour for which a principal lacks a permission, reads included, so that attempts are
 * visible. The others are only counted.
 */
export function deniedRequests({ access, model, clock, write }: DeniedRequestsOptions): DeniedRequests {
  const denials = new FirstDenials();
  return (request, code, status) => {
    const { permission = 'read', route } = request.routeOptions.config;
    const { id: principal } = request.principal;
    const verdict = denials.judge(principal, permission, clock.monotonicMs());
    const refusal = {
      reason: 'missing-permission',
      address: request.ip,
      principal,
      operationId: route?.operationId,
    } as const;
    if (verdict === 'no room') access.refused(refusal);
    else access.denied(refusal);
    if (verdict !== 'first') return;
    const outcome = { status, error_code: code, duration_ms: 0, notes: { ...accountNotes(request), permission } };
    void write?.(
      requestEntry({ ...requestFacts(route, request, model), ...outcome, cameAtNs: clock.wallNs() }, 'minor'),
    );
  };
}
