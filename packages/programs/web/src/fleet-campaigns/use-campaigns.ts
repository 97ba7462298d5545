import type { FleetCampaign } from '@medkit/contract';
import { useFleetPages } from '../fleet/use-fleet-pages.ts';
import { gateway } from '../gateway/gateway.ts';

/** Refresh interval: the hub judges a campaign each 10 s, and a robot changes within seconds. */
export const EVERY_MS = 5000;

/** Loads the campaigns page by page, the newest first. */
export const useCampaigns = (filters: Readonly<Record<string, string>>) =>
  useFleetPages<FleetCampaign>({
    operation: 'listFleetCampaigns',
    filters,
    everyMs: EVERY_MS,
    load: (query, signal) => gateway().call('listFleetCampaigns', { query, signal }),
  });
