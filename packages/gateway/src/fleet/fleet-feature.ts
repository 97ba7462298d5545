import type { AuditFile } from '@medkit/audit';
import {
  errorMessage,
  type Log,
  type Model,
  mergeBlocks,
  type Principal,
  quotaBlock,
  type Runtime,
  type RuntimeHealth,
} from '@medkit/core';
import type { IncidentPlaces } from '@medkit/notify';
import type { FastifyInstance } from 'fastify';
import type { FleetPlaces } from '../accounts/grant-places.ts';
import type { LaterRequests } from '../audit/gateway-audit.ts';
import { stored } from '../database/store-errors.ts';
import { faultFeed } from '../fault-stream/fault-feed.ts';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';
import type { Guard, Recorder } from '../http/chain.ts';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { publicUrl } from '../http/public-url.ts';
import type { GatewayIncidents } from '../incidents/gateway-incidents.ts';
import { StartRefused } from '../listen.ts';
import type { RobotPages } from '../page/web-pages.ts';
import type { OpenPeers } from '../peers/open-peers.ts';
import type { AccountLimit } from '../security/account-limit.ts';
import type { PrincipalById } from '../security/principal-by-id.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { auditStops } from './campaigns/audit-stops.ts';
import { campaignRunner } from './campaigns/campaign-runner.ts';
import { fleetHandlers } from './fleet-handlers.ts';
import type { GatewayQuota } from './fleet-quota.ts';
import { type FleetSources, type GatewayFleet, gatewayFleet } from './gateway-fleet.ts';
import type { FleetOutbreaks } from './outbreaks/fleet-outbreaks.ts';
import { queueRights } from './queue/may-act.ts';
import { queueRecord } from './queue/queue-record.ts';
import { queueRunner } from './queue/queue-runner.ts';
import { type FleetViews, fleetViews } from './rights/fleet-views.ts';
import { limitRequests } from './rights/limit-requests.ts';
import { limitedFaults } from './rights/limited-faults.ts';
import { type LimitedGuardOptions, limitedHandler } from './rights/limited-guard.ts';
import { limitedIncidents } from './rights/limited-incidents.ts';
import { limitedNews } from './rights/limited-news.ts';
import { limitedTree } from './rights/limited-tree.ts';
import { robotPages } from './robot-pages.ts';
import { robotRequests } from './robot-requests.ts';
import { robotRoutes } from './robot-routes.ts';
import { robotStreams } from './robot-streams.ts';
import { FLEET } from './tree/fleet-entities.ts';
import { fleetFaultLogs, withFleet } from './tree/fleet-fault-logs.ts';
import { fleetFaults } from './tree/fleet-faults.ts';
import { fleetGuard } from './tree/fleet-guard.ts';
import { fleetRuntime } from './tree/fleet-runtime.ts';
import { robotLink } from './tree/robot-link.ts';
import type { UplinkUpgrade } from './uplink-upgrade.ts';
import type { FleetHandlers } from './without-fleet.ts';

export interface FleetFeatureOptions extends Omit<FleetSources, 'files' | 'log'> {
  readonly storage: FleetSources['files'];
  readonly model: Model;
  readonly streams: EventStreams;
  /** Fault events of peers. */
  readonly observed: ObservedLogs;
  readonly peers?: Partial<Pick<OpenPeers, 'join' | 'leave'>>;
  /** The incidents to which outbreaks are added; absent if they are disabled. */
  readonly incidents?: Pick<GatewayIncidents, 'book'> | undefined;
  /** The audit log, for what the hub does by itself. */
  readonly auditFile: Pick<AuditFile, 'store'>;
  /** Returns the account that queued a request, as it is now. */
  readonly principalById: PrincipalById;
  /** Records what the hub sends for accounts. */
  readonly audit: LaterRequests;
  readonly log: Log;
}

/** The fleet of a hub as the server uses it. */
export interface FleetFeature {
  readonly handlers: FleetHandlers;
  readonly upgrade: UplinkUpgrade;
  readonly pages: RobotPages;
  /** Answers requests of clients on the entities of the fleet. */
  readonly guard: Guard;
  /** What notifications of incidents use; absent if the hub has no incidents. */
  readonly places: IncidentPlaces | undefined;
  /** Checks the requests of accounts that are limited to sites and groups. */
  readonly limit: AccountLimit;
  /** Counts a request of a client against the quota of the hub, and throws if there are too many. */
  readonly admit: GatewayQuota['admit'];
  readonly limitedTree: typeof limitedTree;
  /** Returns the sites and groups that a principal sees, to which accounts can be limited. */
  grantPlaces(principal: Pick<Principal, 'scopes'>): Promise<FleetPlaces>;
  /** Returns what registers the routes of the robots, and ends their uplinks when the server stops. */
  routes(steps: { readonly record: Recorder }): (app: FastifyInstance) => void;
  health(): Promise<RuntimeHealth>;
  close(): Promise<void>;
}

/** Opens the feature. Loaded only if `fleet.enabled` is set. Throws `StartRefused`. */
export async function fleetFeature({ storage, ...options }: FleetFeatureOptions): Promise<FleetFeature> {
  const { config, clock, streams, model, log, observed } = options;
  const fleet = await gatewayFleet({ ...options, files: storage });
  const [hubName, timeoutMs] = [options.machineName, CALL_TIMEOUT_MS + config.service_call_timeout_sec * 1000];
  const requests = robotRequests({
    fleet: fleet.record,
    sessions: fleet.sessions,
    hubName,
    changeTimeoutMs: timeoutMs,
  });
  const { record: robots, sessions } = fleet;
  const views = fleetViews(robots);
  const eventStreams = robotStreams({ requests, sessions, fleet: robots, streams, clock, views });
  await addEntities(model, fleetRuntime({ fleet: robots, clock, log })).catch(async (error: unknown) => {
    await fleet.close();
    throw error;
  });
  const merged = await openMerged(options, fleet);
  const isPeer = (robot: string): boolean => merged?.has(robot) ?? false;
  const outbreaks = await openOutbreaks(options, fleet);
  const ofIncidents = openLimitedIncidents(options, { outbreaks, views, isPeer });
  const stops = config.audit.requests === 'off' ? undefined : auditStops({ ...options, fleet: robots });
  const rights = queueRights(options.principalById, views);
  const campaigns = campaignRunner({
    ...{ fleet: robots, sessions, hubName, timeoutMs, clock, log, blobs: fleet.blobs, mayAct: rights.mayChange },
  });
  const queue = queueRunner({
    ...{ fleet: robots, sessions, hubName, timeoutMs, clock, log, mayAct: rights.mayAct },
    isRecorded: () => options.audit.isAdmitting,
    record: (step) => options.audit.write(queueRecord(step, clock)),
  });
  const toRobot = robotLink(robots);
  const ofAll = fleetFaultLogs({ fleet: robots, model, clock, log, isPeer: () => false });
  const stream = limitedFaults({ views, events: ofAll, model, streams, clock });
  const events = withFleet(observed, fleetFaultLogs({ fleet: robots, model, clock, log, isPeer }));
  return {
    handlers: fleetHandlers({
      fleet: fleet.record,
      evidence: fleet.evidence,
      artifacts: fleet.artifacts,
      quota: fleet.quota,
      rights,
      publicUrl: publicUrl(config),
      isSecure: config.server.tls.enabled,
    }),
    upgrade: fleet.upgrade,
    places: outbreaks?.places,
    guard: fleetGuard({
      ...{ model, toRobot, faults: fleetFaults(robots, isPeer) },
      feed: faultFeed(model, clock, streams, events),
      limited: (route, handler) =>
        limitedHandler(route, handler, { fleet: robots, model, stream, toRobot, ...ofIncidents }),
    }),
    limit: limitRequests(views),
    admit: fleet.quota.admit,
    limitedTree,
    grantPlaces: async (principal) => {
      const view = await views.of(principal);
      const visible = view ? robots.within(view) : robots;
      const [sites, groups] = await stored(() => Promise.all([visible.sites(), visible.groups()]));
      return { sites: sites.map(({ id }) => id), groups: groups.map(({ id }) => id) };
    },
    pages: robotPages({ publicPath: fleet.publicPath, isHubOnly: !config.ros.enabled }),
    routes:
      ({ record }) =>
      (app) => {
        robotRoutes(app, { requests, streams: eventStreams, clock, record });
        app.addHook('onListen', () => void fleet.takeOver());
        app.addHook('preClose', async () => {
          await Promise.all([campaigns.close(), queue.close()]);
          await fleet.stop();
        });
      },
    health: async () => {
      const { warnings, blocks } = await fleet.health();
      return {
        warnings: [...warnings, ...(merged?.warnings() ?? [])],
        blocks: mergeBlocks([{ blocks }, { blocks: quotaBlock({ fleet_requests: requests.quotas }) }]),
      };
    },
    close: async () => {
      await Promise.all([campaigns.close(), queue.close()]);
      await stops?.close();
      await outbreaks?.close();
      merged?.close();
      await model.remove(FLEET);
      await fleet.close();
    },
  };
}

/** Adds robots as peers. Their code is loaded only if it is enabled. */
async function openMerged(options: Omit<FleetFeatureOptions, 'storage'>, { record, sessions }: GatewayFleet) {
  const { join, leave } = options.peers ?? {};
  if (!options.config.fleet.merged_tree || !join || !leave) return undefined;
  const { mergedRobots } = await import('./tree/merged-robots.ts');
  return mergedRobots({ ...options, fleet: record, sessions, peers: { join, leave } });
}

/** Follows outbreaks. Their code is loaded only if the hub has incidents. */
async function openOutbreaks(options: Omit<FleetFeatureOptions, 'storage'>, { record, sources }: GatewayFleet) {
  const { incidents } = options;
  if (!incidents) return undefined;
  const { fleetOutbreaks } = await import('./outbreaks/fleet-outbreaks.ts');
  return fleetOutbreaks({ ...options, ...sources, fleet: record, book: incidents.book });
}

/** Opens the incidents of limited accounts, and their live events; without incidents, there are none. */
function openLimitedIncidents(
  { incidents: whole, model, clock }: Omit<FleetFeatureOptions, 'storage'>,
  { outbreaks, views, isPeer }: LimitedSources,
): Pick<LimitedGuardOptions, 'incidents' | 'news'> {
  if (!whole || !outbreaks) return { incidents: undefined, news: undefined };
  const incidents = limitedIncidents({ book: whole.book, outbreaks: outbreaks.limited, model, isPeer });
  return { incidents, news: limitedNews({ incidents, views, model, clock }) };
}

interface LimitedSources {
  readonly outbreaks: FleetOutbreaks | undefined;
  readonly views: FleetViews;
  readonly isPeer: (robot: string) => boolean;
}

/** Adds the fleet to the entities of the hub. Throws `StartRefused` if a peer or plugin has its name. */
async function addEntities(model: Model, runtime: Runtime): Promise<void> {
  try {
    await model.add(runtime);
  } catch (error) {
    throw new StartRefused(`${errorMessage(error)}: give the peer or plugin ${FLEET} another name`);
  }
}
