import { type FleetQuotaUse, MAX_RUNNING_CAMPAIGNS, SovdError } from '@medkit/contract';
import type { RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Fleet, FleetQuotas } from '@medkit/fleet';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { retryTimes } from '../limits/rate-limit-exceeded.ts';
import { isFree } from '../limits/request-cost.ts';
import { TokenBucket } from '../limits/token-bucket.ts';
import { lacksCredentials } from '../security/identity.ts';

const SETTING = 'fleet.quota.requests_per_min';
const REMEDY = 'Repeat it later, read event streams instead of asking repeatedly, or raise the quota';

/** Returns the quotas that the record of the fleet enforces. */
export const recordQuotas = ({ quota }: GatewayConfig['fleet']): FleetQuotas => ({
  robots: quota.robots,
  evidenceBytes: Math.floor(quota.evidence_gb * 1e9),
  eventsPerDay: quota.events_per_day,
  campaigns: quota.campaigns || MAX_RUNNING_CAMPAIGNS,
});

/** The quotas of a hub: the record enforces all but that of requests. */
export interface GatewayQuota {
  /** Counts a request of a client. Throws `rate-limit-exceeded` if there are too many in a minute. */
  admit(request: FastifyRequest, reply: FastifyReply): void;
  use(): Promise<readonly FleetQuotaUse[]>;
  /** Reports the use of each quota, and a warning for each that is used up. */
  health(): Promise<RuntimeHealth>;
}

export function gatewayQuota(
  perMinute: number,
  fleet: Pick<Fleet, 'quotaUse'>,
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>,
): GatewayQuota {
  const bucket = perMinute > 0 ? new TokenBucket(perMinute, clock.monotonicMs()) : undefined;
  const use = async (): Promise<readonly FleetQuotaUse[]> => {
    const uses = await fleet.quotaUse();
    if (!bucket) return uses;
    bucket.take(clock.monotonicMs(), 0);
    const used = perMinute - bucket.remaining;
    return [...uses, { quota: 'requests_per_min', used, limit: perMinute, remedy: REMEDY }];
  };
  return {
    admit: (request, reply) => {
      // A client without credentials must not use what belongs to the accounts.
      if (!bucket || isFree(request) || lacksCredentials(request.principal)) return;
      if (bucket.take(clock.monotonicMs())) return;
      const { seconds, reset } = retryTimes(clock, bucket.msUntil(1));
      reply.header('Retry-After', seconds);
      const message = `The quota ${SETTING} of the hub is used up: ${perMinute} of ${perMinute}. ${REMEDY}`;
      const times = { retry_after: seconds, reset };
      const parameters = { quota: SETTING, used: perMinute, limit: perMinute, remedy: REMEDY, ...times };
      throw new SovdError({ code: 'rate-limit-exceeded', message, parameters });
    },
    use,
    health: async () => {
      const uses = await use();
      return {
        warnings: uses.filter(({ used, limit }) => used >= limit).map(warning),
        blocks: {
          'x-medkit-fleet': {
            quota: Object.fromEntries(uses.map(({ quota, used, limit }) => [quota, { used, limit }])),
          },
        },
      };
    },
  };
}

function warning({ quota, used, limit, remedy, most }: FleetQuotaUse): RuntimeHealth['warnings'][number] {
  const source = most ? `; ${most.robot} has sent ${most.used} of them` : '';
  const message = `The quota ${quota} of the fleet is used up: ${used} of ${limit}${source}. ${remedy}.`;
  return { code: 'fleet_quota', message };
}
