import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessWatch } from '../http/chain.ts';
import { rateLimitExceeded, retryTimes } from '../limits/rate-limit-exceeded.ts';
import type { RequestLimits } from '../limits/request-limits.ts';
import { WrongCredentials } from '../limits/wrong-credentials.ts';
import type { AccessAudit } from './access-audit.ts';
import type { DeniedRequests } from './denied-requests.ts';

export interface AccessWatchOptions {
  readonly access: Pick<AccessAudit, 'refused'>;
  readonly denied: DeniedRequests;
  /** Absent if rate limiting is disabled. */
  readonly limits?: RequestLimits | undefined;
  /** Counts the request against the quota of a fleet hub; absent if the gateway is none. */
  readonly quota?: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined;
  /** Checks the data budget of the uplink; absent without a fleet hub. */
  readonly budget?: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined;
  readonly clock: Clock;
}

/** Checks every request before it is authorised. Counts rejected requests by reason and address. */
export function accessWatch({ access, denied, limits, quota, budget, clock }: AccessWatchOptions): AccessWatch {
  const wrong = new WrongCredentials(clock);
  const refused = (request: FastifyRequest, reason: Parameters<typeof access.refused>[0]['reason']): void => {
    const { principal, ip: address, routeOptions } = request;
    access.refused({
      reason,
      address,
      principal: principal.kind === 'anonymous' ? undefined : principal.id,
      operationId: routeOptions.config.route?.operationId,
    });
  };
  return {
    admit: (request, reply) => {
      try {
        limits?.(request, reply);
        quota?.(request, reply);
        budget?.(request, reply);
      } catch (error) {
        refused(request, 'too-many-requests');
        throw error;
      }
    },
    refused: (request, reply, error, reason) => {
      if (!(error instanceof SovdError)) return;
      if (error.status === 403) denied(request, error.code, error.status);
      if (error.status !== 401) return;
      const isWrong = reason !== undefined && reason !== 'certificate-missing';
      refused(request, isWrong ? 'wrong-credential' : 'no-credential');
      const tooMany = isWrong && wrong.count(request.ip);
      if (!tooMany) return;
      const { seconds, reset } = retryTimes(clock, tooMany.waitMs);
      throw rateLimitExceeded(reply, { retry_after: seconds, limit: tooMany.perMinute, reset });
    },
  };
}
