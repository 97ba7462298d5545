import { OVER_BUDGET_HEADER, SovdError } from '@medkit/contract';
import type { DataBudget, TrafficClass } from '@medkit/uplink';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteOn, OVER_BUDGET_NOTE } from '../http/exchange.ts';
import { hubOf } from '../security/identity.ts';
import type { BulkGate } from './bulk-gate.ts';

/** Checks a request of the hub whose principal is known. Throws `x-medkit-data-budget` or `x-medkit-bulk-waits`. */
export type BudgetGuard = (request: FastifyRequest, reply: FastifyReply) => void;

/** What bounds the data of one hub. */
export interface HubData extends Pick<DataBudget, 'refusal'> {
  readonly bulk: Pick<BulkGate, 'retrySec' | 'waits'>;
}

/**
 * Opens the check of the data budget of the hub that sent a request: a request over it is refused with what is left and
 * when the next day begins. With the header `X-Medkit-Over-Budget: 1` and the permission `uplink.budget` it is served,
 * and recorded in the audit log.
 */
export function budgetGuard(dataOf: (hub: string) => HubData | undefined): BudgetGuard {
  return (request, reply) => {
    const { raw, principal, headers } = request;
    const { trafficClass } = raw.socket as Partial<{ readonly trafficClass: TrafficClass }>;
    if (trafficClass === undefined) return;
    const data = dataOf(hubOf(request) ?? '');
    const reason = data?.bulk.waits(trafficClass);
    if (data && reason !== undefined) {
      asRefusal(raw.socket);
      reply.header('Retry-After', data.bulk.retrySec);
      throw new SovdError({ code: 'x-medkit-bulk-waits', parameters: { reason, retry_after: data.bulk.retrySec } });
    }
    const refusal = data?.refusal(trafficClass);
    if (!refusal) return;
    const { retry_after, ...figures } = refusal;
    const isExtra = headers[OVER_BUDGET_HEADER] === '1' && principal.permissions.has('uplink.budget');
    if (isExtra) {
      noteOn(request, { [OVER_BUDGET_NOTE]: `${refusal.used_bytes} of ${refusal.limit_bytes} bytes` });
      return;
    }
    asRefusal(raw.socket);
    reply.header('Retry-After', retry_after);
    throw new SovdError({ code: 'x-medkit-data-budget', parameters: { ...figures, retry_after, class: trafficClass } });
  };
}

/** Counts the reply as one of the connection: as bulk data, the refusal would wait for what it refuses. */
function asRefusal(socket: object): void {
  Object.assign(socket, { trafficClass: 0 satisfies TrafficClass });
}
