import type { Log } from '@medkit/core';
import { hostId } from '@medkit/core/discovery';
import type { NetworkInterface } from '@medkit/edges';
import type { AnnouncerOptions, Scope } from '@medkit/peer/discovery';
import { readEnvironment } from '@medkit/ros2/environment';
import { type Environment, type GatewayConfig, isLoopbackHost } from '../../config/index.ts';
import { publicUrl } from '../../http/public-url.ts';

/** Other gateways ignore announcements with a lower port. */
const MIN_PORT = 1024;
const MAX_PORT = 65_535;
/** Announced if the gateway has no valid port. */
const DEFAULT_PORT = 8080;
/** Maximum bytes of an announced name, without a suffix that makes it unique. */
const MAX_LABEL = 60;

/** Returns the scope of announcements and discovery, the same as for ROS nodes; `undefined` if it is off. */
export function discoveryScope(environment: Environment): Scope | undefined {
  // The domain comes from the configuration and is not announced.
  const { discoveryRange } = readEnvironment({ ...environment, ROS_DOMAIN_ID: '' });
  if (discoveryRange === 'OFF') return undefined;
  return discoveryRange === 'LOCALHOST' ? 'loopback' : 'network';
}

export interface AnnouncementSources {
  readonly config: Pick<GatewayConfig, 'aggregation' | 'server'>;
  readonly gateway: string;
  readonly machineName: string;
  readonly port: number;
  readonly log: Log;
}

/**
 * Returns the announcement of this gateway: its address on each network. A gateway with `server.public_url` is behind a
 * proxy with that port, on every network.
 */
export function announcement(
  { config, gateway, machineName, port, log }: AnnouncementSources,
  scope: Scope,
): Pick<AnnouncerOptions, 'label' | 'port' | 'instance' | 'token' | 'addressOn'> {
  const { host, token } = config.server;
  const outside = publicUrl(config);
  if (outside === undefined && scope === 'network' && isLoopbackHost(host)) {
    const message = `aggregation.announce is on and server.host is ${host}: other machines cannot reach this gateway, so it is not announced`;
    log('warn', `${message}. Set server.host, or server.public_url if it is behind a proxy`);
  }
  return {
    label: hostId(config.aggregation.mdns_name || machineName).slice(0, MAX_LABEL),
    port: announcedPort(outside === undefined ? port : publicPort(outside), log),
    instance: gateway,
    token,
    addressOn: ({ address, loopback }: NetworkInterface) => {
      if (outside !== undefined || host === '0.0.0.0' || host === '::' || host === '' || host === address)
        return address;
      if (!loopback || !isLoopbackHost(host)) return undefined;
      // All of 127.0.0.0/8 is this machine, but the server listens on one address of it.
      return host.startsWith('127.') ? host : address;
    },
  };
}

function publicPort(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function announcedPort(port: number, log: Log): number {
  if (Number.isInteger(port) && port >= 1 && port <= MAX_PORT) {
    if (port < MIN_PORT)
      log('warn', `This gateway is announced at port ${port}, but other gateways ignore ports below ${MIN_PORT}`);
    return port;
  }
  log('error', `${port} is not a valid port: this gateway is announced at ${DEFAULT_PORT}`);
  return DEFAULT_PORT;
}
