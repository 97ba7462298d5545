import type { FleetCampaign } from '@medkit/contract';
import { useFleetPages } from '../fleet/use-fleet-pages.ts';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';

/** Refresh interval: the hub judges a campaign each 10 s, and a robot changes within seconds. */
export const EVERY_MS = 5000;
/** Robots in one request: the most that the hub lists. The filters reach the others. */
const LISTED = 500;

/** Loads the campaigns page by page, the newest first. */
export const useCampaigns = (filters: Readonly<Record<string, string>>) =>
  useFleetPages<FleetCampaign>({
    operation: 'listFleetCampaigns',
    filters,
    everyMs: EVERY_MS,
    load: (query, signal) => gateway().call('listFleetCampaigns', { query, signal }),
  });

/** Loads the first matching robots of a campaign, by wave and name. */
export const useCampaignRobots = (campaign: string, filters: Readonly<Record<string, string>>) =>
  useRoute(
    'listFleetCampaignRobots',
    { path: { campaign }, query: { ...filters, limit: LISTED } },
    { everyMs: EVERY_MS },
  );

/** Loads what a decision on a campaign may have changed. */
export const refetchCampaigns = (): void =>
  refetchRoutes(['getFleetCampaign', 'listFleetCampaignRobots', 'listFleetCampaigns']);
