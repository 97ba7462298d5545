import type {
  FleetCampaign,
  FleetCampaignApproval,
  FleetCampaignDetail,
  FleetCampaignRobot,
  FleetCampaignStop,
  NewFleetCampaign,
  Permission,
} from '@medkit/contract';
import type { FleetContext } from '../fleet-context.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { type CampaignEngine, campaignEngine } from './campaign-engine.ts';
import { approveWave, cancelCampaign, createCampaign, neededPermissions, stopCampaign } from './change-campaigns.ts';
import { type GateStops, gateStops } from './gate-stops.ts';
import {
  type CampaignQuery,
  type CampaignRobotQuery,
  listCampaignRobots,
  listCampaigns,
  readCampaignDetail,
} from './list-campaigns.ts';

/** The campaigns of a fleet. Throws `FleetNotFound`, `FleetInvalid` or `FleetConflict`. */
export interface FleetCampaigns {
  list(query: CampaignQuery): Promise<FleetPage<FleetCampaign>>;
  read(name: string): Promise<FleetCampaignDetail>;
  robots(name: string, query: CampaignRobotQuery): Promise<FleetPage<FleetCampaignRobot>>;
  /** Returns the permissions that a new campaign needs on the robots, besides that of the fleet. */
  needs(campaign: NewFleetCampaign): readonly Permission[];
  /** Creates a campaign; with `dry_run`, returns what it would do. */
  create(campaign: NewFleetCampaign, by: string): Promise<FleetCampaignDetail>;
  approve(name: string, approval: FleetCampaignApproval, by: string): Promise<FleetCampaignDetail>;
  stop(name: string, stop: FleetCampaignStop, by: string): Promise<FleetCampaignDetail>;
  cancel(name: string, by: string): Promise<FleetCampaignDetail>;
  readonly stops: GateStops;
  /** Carries the campaigns on. */
  readonly engine: CampaignEngine;
}

export function fleetCampaigns(context: FleetContext): FleetCampaigns {
  const { exclusive } = context;
  return {
    list: (query) => listCampaigns(context, query),
    read: (name) => readCampaignDetail(context, name),
    robots: (name, query) => listCampaignRobots(context, name, query),
    needs: (campaign) => neededPermissions(context, campaign),
    create: (campaign, by) => exclusive(() => createCampaign(context, campaign, by)),
    approve: (name, approval, by) => exclusive(() => approveWave(context, name, approval, by)),
    // Not after other work: a stop waits for nothing.
    stop: (name, request, by) => stopCampaign(context, name, request, by),
    cancel: (name, by) => cancelCampaign(context, name, by),
    stops: gateStops(context),
    engine: campaignEngine(context),
  };
}
