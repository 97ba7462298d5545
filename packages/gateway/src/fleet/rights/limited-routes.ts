import { ALL_ROUTES, isAboutResource, ROUTES, type Route, type RouteName } from '@medkit/contract';
import type { FleetHandlers } from '../without-fleet.ts';

/**
 * How the routes of the fleet answer accounts that are limited to sites and groups. `limited`: the handler uses
 * `exchange.view`, and a robot in the path must be in it. `whole`: refused. A new route is `whole` until its handler
 * uses the view; `test/fleet/hub-grants.test.ts` searches the replies for other sites.
 */
const FLEET_ROUTES: Readonly<Record<keyof FleetHandlers, 'limited' | 'whole'>> = {
  getFleet: 'limited',
  getFleetHub: 'limited',
  openFleetUplink: 'limited',
  listFleetFaults: 'limited',
  listFleetOccurrences: 'limited',
  listFleetIssues: 'limited',
  getFleetIssue: 'limited',
  // A decision concerns the robots of all sites.
  changeFleetIssue: 'whole',
  getFleetFigures: 'limited',
  exportFleet: 'limited',
  recountFleet: 'whole',
  listFleetEvidence: 'limited',
  downloadFleetEvidence: 'limited',
  // Transfers and rules share the evidence store, and the samples of the whole fleet.
  fetchFleetEvidence: 'whole',
  pinFleetEvidence: 'whole',
  eraseFleetEvidence: 'whole',
  readFleetEvidenceRules: 'whole',
  setFleetEvidenceRules: 'whole',
  // A campaign, and an artifact of it, may change robots of any site.
  listFleetArtifacts: 'whole',
  uploadFleetArtifact: 'whole',
  deleteFleetArtifact: 'whole',
  listFleetCampaigns: 'whole',
  createFleetCampaign: 'whole',
  getFleetCampaign: 'whole',
  listFleetCampaignRobots: 'whole',
  approveFleetCampaign: 'whole',
  stopFleetCampaign: 'whole',
  cancelFleetCampaign: 'whole',
  listFleetRobots: 'limited',
  getFleetRobot: 'limited',
  changeFleetRobot: 'limited',
  retireFleetRobot: 'limited',
  approveFleetRobot: 'limited',
  revokeFleetRobot: 'limited',
  rotateFleetRobot: 'limited',
  replaceFleetRobot: 'limited',
  settleFleetRobot: 'limited',
  parkFleetRobot: 'limited',
  unparkFleetRobot: 'limited',
  listFleetPresence: 'limited',
  listFleetQueuedRequests: 'limited',
  listFleetQueue: 'limited',
  queueFleetRequest: 'limited',
  getFleetQueuedRequest: 'limited',
  cancelFleetQueuedRequest: 'limited',
  listFleetSites: 'limited',
  setFleetSite: 'limited',
  deleteFleetSite: 'limited',
  listFleetGroups: 'limited',
  // A group may be part of the grants of other accounts.
  createFleetGroup: 'whole',
  changeFleetGroup: 'whole',
  deleteFleetGroup: 'whole',
  listFleetInvitations: 'limited',
  createFleetInvitation: 'limited',
  withdrawFleetInvitation: 'limited',
};

/**
 * Routes of the entities and incidents of the fleet, which the tree of the view and the guard of limited accounts answer.
 * Changes of an incident, and its export, concern the whole hub.
 */
const OF_VIEW: readonly RouteName[] = [
  'listEntities',
  'getEntity',
  'getTree',
  'streamTree',
  'listAllFaults',
  'streamFaults',
  'streamLive',
  'listIncidents',
  'getIncident',
  'getIncidentTimeline',
];

const names = Object.entries(FLEET_ROUTES).flatMap(([name, is]) => (is === 'limited' ? [name as RouteName] : []));
const LIMITED: ReadonlySet<Route> = new Set([
  ...[...names, ...OF_VIEW].flatMap((name): readonly Route[] => ROUTES[name]),
  ...ALL_ROUTES.filter((route) => route.related !== undefined || isAboutResource(route)),
]);

/** Returns whether a route has only what a limited account may see. Routes about the caller itself do. */
export const isLimitedRoute = (route: Route): boolean => route.permission === 'self' || LIMITED.has(route);
