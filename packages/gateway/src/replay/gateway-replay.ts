import { SovdError, type TriedOutcome, type TriedRules } from '@medkit/contract';
import { type CallContext, ownerOf, quotaBlock, type RuntimeHealth, reserveQuota } from '@medkit/core';
import { Quota } from '@medkit/edges';
import type { Handlers } from '../http/exchange.ts';
import type { ReplaySources } from './try-rules.ts';

export interface ReplayOptions extends Omit<ReplaySources, 'faultDocuments'> {
  /** Absent if this gateway has no fault manager. */
  readonly faultDocuments?: ReplaySources['faultDocuments'] | undefined;
}

/** Trial of changed rules on recorded faults. Everything but the limit is loaded with the first request. */
export interface GatewayReplay {
  readonly handlers: Pick<Handlers, 'tryRules'>;
  health(): RuntimeHealth;
}

/**
 * Replays at the same time. With this capacity, `Quota` grants each client one. Each uses a thread and up to
 * `MAX_HEAP_MB`.
 */
export const MAX_REPLAYS = 2;
/** A client must have its answer by then; the web UI waits as long for a reply. */
const TIMEOUT_MS = 28_000;
const BOUND = {
  what: 'replays',
  remedy: 'wait until one has ended, or run `medkit replay` on a copy of the data folder',
  parameter: 'max_replays',
};
/** Owner of the replays of local programs if anonymous callers have all permissions. */
const LOCAL_PROGRAMS = 'local';

export function gatewayReplay(options: ReplayOptions): GatewayReplay {
  const quota = new Quota(MAX_REPLAYS);
  return {
    handlers: {
      tryRules: async ({ body, call }) => {
        const context = call(TIMEOUT_MS);
        const owner = ownerOf(context) ?? LOCAL_PROGRAMS;
        reserveQuota(quota, owner, BOUND);
        try {
          return await run(options, body ?? {}, context);
        } finally {
          quota.release(owner);
        }
      },
    },
    health: () => ({ warnings: [], blocks: quotaBlock({ replays: quota }) }),
  };
}

async function run(options: ReplayOptions, tried: TriedRules, call: CallContext): Promise<TriedOutcome> {
  const { faultDocuments } = options;
  if (!faultDocuments || faultDocuments.configuration.storage_type === 'memory') {
    const message = faultDocuments
      ? 'This gateway stores faults in memory, so there is no record to replay: set storage_type of the fault manager to sqlite'
      : 'This gateway has no fault manager, so there is no record to replay';
    throw new SovdError({ code: 'not-implemented', message });
  }
  const { tryRules } = await import('./try-rules.ts');
  return tryRules({ ...options, faultDocuments }, tried, call);
}
