import { type Log, mergeBlocks, quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { FastifyInstance } from 'fastify';
import type { Recorder } from '../http/chain.ts';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { publicUrl } from '../http/public-url.ts';
import type { RobotPages } from '../page/web-pages.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { fleetHandlers } from './fleet-handlers.ts';
import { type FleetSources, gatewayFleet } from './gateway-fleet.ts';
import { robotPages } from './robot-pages.ts';
import { robotRequests } from './robot-requests.ts';
import { robotRoutes } from './robot-routes.ts';
import { robotStreams } from './robot-streams.ts';
import type { UplinkUpgrade } from './uplink-upgrade.ts';
import type { FleetHandlers } from './without-fleet.ts';

export interface FleetFeatureOptions extends Omit<FleetSources, 'files' | 'log'> {
  readonly storage: FleetSources['files'];
  readonly streams: EventStreams;
  readonly machineName: string;
  readonly log: Log;
}

/** The fleet of a hub as the server uses it. */
export interface FleetFeature {
  readonly handlers: FleetHandlers;
  readonly upgrade: UplinkUpgrade;
  readonly pages: RobotPages;
  /** Returns what registers the routes of the robots, and ends their uplinks when the server stops. */
  routes(steps: { readonly record: Recorder }): (app: FastifyInstance) => void;
  health(): RuntimeHealth;
  close(): Promise<void>;
}

/** Opens the feature. Loaded only if `fleet.enabled` is set. Throws `StartRefused`. */
export async function fleetFeature({ storage, ...options }: FleetFeatureOptions): Promise<FleetFeature> {
  const { config, clock, streams } = options;
  const fleet = await gatewayFleet({ ...options, files: storage });
  const requests = robotRequests({
    fleet: fleet.record,
    sessions: fleet.sessions,
    hubName: options.machineName,
    changeTimeoutMs: CALL_TIMEOUT_MS + config.service_call_timeout_sec * 1000,
  });
  const { record: robots, sessions } = fleet;
  const eventStreams = robotStreams({ requests, sessions, fleet: robots, streams, clock });
  return {
    handlers: fleetHandlers({
      fleet: fleet.record,
      publicUrl: publicUrl(config),
      isSecure: config.server.tls.enabled,
    }),
    upgrade: fleet.upgrade,
    pages: robotPages({ publicPath: fleet.publicPath, isHubOnly: !config.ros.enabled }),
    routes:
      ({ record }) =>
      (app) => {
        robotRoutes(app, { requests, streams: eventStreams, clock, record });
        app.addHook('preClose', () => fleet.stop());
      },
    health: () => {
      const { warnings, blocks } = fleet.health();
      return {
        warnings,
        blocks: mergeBlocks([{ blocks }, { blocks: quotaBlock({ fleet_requests: requests.quotas }) }]),
      };
    },
    close: () => fleet.close(),
  };
}
