import * as apiKeys from './api-keys.ts';
import * as audit from './audit.ts';
import * as auth from './auth.ts';
import * as bulkData from './bulk-data.ts';
import * as configurations from './configurations.ts';
import * as cyclicSubscriptions from './cyclic-subscriptions.ts';
import * as data from './data.ts';
import * as discovery from './discovery.ts';
import * as executions from './executions.ts';
import * as faultTriggers from './fault-triggers.ts';
import * as faults from './faults.ts';
import * as fleet from './fleet.ts';
import * as fleetArtifacts from './fleet-artifacts.ts';
import * as fleetCampaigns from './fleet-campaigns.ts';
import * as fleetEvidence from './fleet-evidence.ts';
import * as fleetExport from './fleet-export.ts';
import * as fleetGroups from './fleet-groups.ts';
import * as fleetInvitations from './fleet-invitations.ts';
import * as fleetIssues from './fleet-issues.ts';
import * as fleetPresence from './fleet-presence.ts';
import * as fleetQueue from './fleet-queue.ts';
import * as fleetRobots from './fleet-robots.ts';
import * as fleetSites from './fleet-sites.ts';
import * as incidents from './incidents.ts';
import * as live from './live.ts';
import * as locks from './locks.ts';
import * as logs from './logs.ts';
import * as notify from './notify.ts';
import * as operations from './operations.ts';
import * as pastState from './past-state.ts';
import * as peers from './peers.ts';
import * as relations from './relations.ts';
import * as replay from './replay.ts';
import type { Route } from './route.ts';
import * as scripts from './scripts.ts';
import * as search from './search.ts';
import * as server from './server.ts';
import * as sessions from './sessions.ts';
import * as settings from './settings.ts';
import * as singleSignOn from './single-sign-on.ts';
import * as status from './status.ts';
import { TAGS } from './tags.ts';
import * as tree from './tree.ts';
import * as triggers from './triggers.ts';
import * as updates from './updates.ts';
import * as uplink from './uplink.ts';
import * as users from './users.ts';
import * as vitalSigns from './vital-signs.ts';
import * as webhooks from './webhooks.ts';

/** Every route of the gateway, by the name of its handler. */
export const ROUTES = {
  ...server,
  ...settings,
  ...peers,
  ...discovery,
  ...relations,
  ...tree,
  ...search,
  ...vitalSigns,
  ...pastState,
  ...replay,
  ...data,
  ...live,
  ...operations,
  ...executions,
  ...configurations,
  ...faults,
  ...faultTriggers,
  ...incidents,
  ...locks,
  ...triggers,
  ...logs,
  ...bulkData,
  ...scripts,
  ...updates,
  ...uplink,
  ...fleet,
  ...fleetRobots,
  ...fleetPresence,
  ...fleetQueue,
  ...fleetSites,
  ...fleetArtifacts,
  ...fleetCampaigns,
  ...fleetEvidence,
  ...fleetGroups,
  ...fleetInvitations,
  ...fleetExport,
  ...fleetIssues,
  ...status,
  ...cyclicSubscriptions,
  ...webhooks,
  ...notify,
  ...audit,
  ...auth,
  ...sessions,
  ...singleSignOn,
  ...users,
  ...apiKeys,
};

export type RouteName = keyof typeof ROUTES;

/** Routes that list related entities of the tree. */
export type RelationName = keyof typeof relations;

const TAG_ORDER = Object.keys(TAGS);

/** All routes as one list, in documentation order: by tag, then by path. */
export const ALL_ROUTES: readonly Route[] = Object.values<readonly Route[]>(ROUTES)
  .flat()
  .sort((a, b) => TAG_ORDER.indexOf(a.tag) - TAG_ORDER.indexOf(b.tag) || (a.path < b.path ? -1 : 1));
