import { useRoute } from '../gateway/gateway.ts';
import { EVERY_MS } from './use-campaigns.ts';

/** Robots in one request: the most that the hub lists. The filters reach the others. */
const LISTED = 500;

/** Loads the first matching robots of a campaign, by wave and name. */
export const useCampaignRobots = (campaign: string, filters: Readonly<Record<string, string>>) =>
  useRoute(
    'listFleetCampaignRobots',
    { path: { campaign }, query: { ...filters, limit: LISTED } },
    { everyMs: EVERY_MS },
  );
