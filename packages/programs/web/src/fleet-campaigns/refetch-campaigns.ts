import { refetchRoutes } from '../gateway/gateway.ts';

/** Loads what a decision on a campaign may have changed. */
export const refetchCampaigns = (): void =>
  refetchRoutes(['getFleetCampaign', 'listFleetCampaignRobots', 'listFleetCampaigns']);
