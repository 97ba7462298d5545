import type { Log, RuntimeHealth } from '@medkit/core';
import type { FastifyInstance } from 'fastify';
import type { Recorder } from '../http/chain.ts';
import { publicUrl } from '../http/public-url.ts';
import { fleetHandlers } from './fleet-handlers.ts';
import { type FleetSources, gatewayFleet } from './gateway-fleet.ts';
import type { UplinkUpgrade } from './uplink-upgrade.ts';
import type { FleetHandlers } from './without-fleet.ts';

export interface FleetFeatureOptions extends Omit<FleetSources, 'files' | 'log'> {
  readonly storage: FleetSources['files'];
  readonly log: Log;
}

/** The fleet of a hub as the server uses it. */
export interface FleetFeature {
  readonly handlers: FleetHandlers;
  readonly upgrade: UplinkUpgrade;
  /** Returns what registers the routes of the robots, and ends their uplinks when the server stops. */
  routes(steps: { readonly record: Recorder }): (app: FastifyInstance) => void;
  health(): RuntimeHealth;
  close(): Promise<void>;
}

/** Opens the feature. Loaded only if `fleet.enabled` is set. Throws `StartRefused`. */
export async function fleetFeature({ storage, ...options }: FleetFeatureOptions): Promise<FleetFeature> {
  const { config } = options;
  const fleet = await gatewayFleet({ ...options, files: storage });
  return {
    handlers: fleetHandlers({
      fleet: fleet.record,
      publicUrl: publicUrl(config),
      isSecure: config.server.tls.enabled,
    }),
    upgrade: fleet.upgrade,
    routes: () => (app) => {
      app.addHook('preClose', () => fleet.stop());
    },
    health: () => fleet.health(),
    close: () => fleet.close(),
  };
}
