import type { HealthStatus } from '@medkit/contract';
import { type Log, openModel, type Runtime } from '@medkit/core';
import { systemClock, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { type DomainWatch, vendorName, watchDomains } from '@medkit/ros2';
import type { Environment, GatewayConfig } from '../config/index.ts';
import { gatewayHealth } from '../gateway-health.ts';
import { systemPeers } from '../peers/system-peers.ts';
import { joinRobot } from '../runtimes/join-robot.ts';

export interface ExamineOptions {
  readonly config: GatewayConfig;
  readonly environment: Environment;
  /**
   * Called once the graph is joined, with whether other machines are visible; resolves when discovery has run long
   * enough.
   */
  readonly listen: (scope: { readonly beyondThisMachine: boolean }) => Promise<unknown>;
  readonly log: Log;
  /** Runtimes to examine; the ROS 2 graph unless given. */
  readonly runtimes?: readonly Runtime[];
}

/** Participants of another domain that announce themselves by multicast. */
export interface OtherDomain {
  readonly domainId: number;
  /** `Cyclone DDS at 10.0.0.7`. */
  readonly sources: readonly string[];
}

export interface Examination {
  /** The health that a gateway would report. */
  readonly health: HealthStatus;
  /** In ascending order of their ids. */
  readonly otherDomains: readonly OtherDomain[];
}

/**
 * Joins the robot as a gateway does, without serving clients, and returns what it discovered. Throws if it cannot join.
 */
export async function examineRobot({
  config,
  environment,
  listen,
  log,
  ...rest
}: ExamineOptions): Promise<Examination> {
  await using opened = new AsyncDisposableStack();
  const localRuntimes = rest.runtimes ?? [(await joinRobot(config, environment, opened)).runtime];
  const gateway = Buffer.from(systemRandom.bytes(6)).toString('hex');
  const peers = await systemPeers({ config, gateway, localRuntimes, log });
  const runtimes = [...localRuntimes, ...(peers?.runtimes ?? [])];
  const model = await openModel({ runtimes, clock: systemClock, log, gateway });
  opened.defer(() => model.close());
  const watch = await watchOthers(await gatewayHealth(model, systemClock));
  if (watch) opened.defer(() => watch.close());
  await listen({ beyondThisMachine: watch !== undefined });
  const health = await gatewayHealth(model, systemClock, [], undefined, peers);
  return { health, otherDomains: otherDomains(watch) };
}

/** Watches other domains with the scope of the robot's own discovery: on its interfaces, if multicast is used. */
async function watchOthers({ 'x-medkit-dds': dds }: HealthStatus): Promise<DomainWatch | undefined> {
  if (!dds || dds.discovery_range === 'LOCALHOST' || dds.discovery_range === 'OFF') return undefined;
  return await watchDomains({ datagrams: udpDatagrams, interfaces: dds.interfaces, domainId: dds.domain_id });
}

function otherDomains(watch: DomainWatch | undefined): readonly OtherDomain[] {
  return [...(watch?.heard() ?? [])]
    .map(([domainId, sources]) => ({
      domainId,
      sources: sources.map(({ vendorId, address }) => `${vendorName(vendorId)} at ${address}`),
    }))
    .sort((a, b) => a.domainId - b.domainId);
}
