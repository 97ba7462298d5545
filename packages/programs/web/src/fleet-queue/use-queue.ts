import type { FleetQueuedRequest } from '@medkit/contract';
import { useFleetPages } from '../fleet/use-fleet-pages.ts';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';

/** Refresh interval: a robot that returns answers within seconds. */
const EVERY_MS = 5000;

/** Loads the queued requests of all robots page by page, the newest first. */
export const useQueue = (filters: Readonly<Record<string, string>>) =>
  useFleetPages<FleetQueuedRequest>({
    operation: 'listFleetQueuedRequests',
    filters,
    everyMs: EVERY_MS,
    load: (query, signal) => gateway().call('listFleetQueuedRequests', { query, signal }),
  });

/** Loads the queue again. */
export const refetchQueue = (): void => refetchRoutes(['listFleetQueuedRequests']);
