import { createClient } from '@medkit/client';
import { systemClock, systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { loadAgentConfig, startAgent } from '@medkit/fleet-agent';
import { type BrokerAddress, brokerUrl, openMqttBroker } from '@medkit/mqtt';
import type { RobotAddress } from '@medkit/vda5050';
import { fleetSocketPath } from '../control/socket-path.ts';
import { openDemoBroker } from '../fleet/broker.ts';
import { openCarrier } from '../fleet/carrier/open-carrier.ts';
import { MAP_ID } from '../fleet/control/trip.ts';
import { openFleetControl } from '../fleet/open-fleet-control.ts';
import { openViewServer } from '../fleet/view/view-server.ts';
import { demoAgentFile } from '../gateway/gateway-files.ts';

/** The second robot uses the older protocol version, as in a mixed fleet. */
const CARRIER: RobotAddress = { version: '2.1.0', manufacturer: 'medkit', serialNumber: 'AMR-02' };

export interface FleetProgram {
  readonly domainId: number;
  /** Address of the gateway of the first robot. */
  readonly gateway: string;
  /** File with the token of the gateway. */
  readonly tokenFile: string | undefined;
  /** Data folder of the agent. */
  readonly folder: string;
  /** An existing broker. */
  readonly broker: string | undefined;
  readonly onFailure: (where: string, error: unknown) => void;
  /** Called with warnings of the agent. */
  readonly onWarning: (line: string) => void;
  /** Resources that are closed at the end. */
  readonly resources: AsyncDisposableStack;
}

/** Starts the fleet: broker, fleet control, second robot, agent of the first one. Returns the address of the broker. */
export async function runFleet(program: FleetProgram): Promise<string> {
  const { domainId, gateway: url, tokenFile, folder, onFailure, onWarning, resources } = program;
  const broker: BrokerAddress = { url: await brokerOf(program), protocol: '3.1.1' };
  const edges = { openBroker: openMqttBroker, broker, clock: systemClock, random: systemRandom };
  const config = await loadAgentConfig(systemFiles, demoAgentFile);
  const views = await openViewServer(fleetSocketPath(process.env, domainId));
  resources.defer(() => views.close());
  const robots = [config.robot, CARRIER];
  const control = openFleetControl({ ...edges, robots, sent: CARRIER, onView: (view) => views.show(view), onFailure });
  resources.defer(() => control.close());
  const carrier = openCarrier({ ...edges, robot: CARRIER, mapId: MAP_ID, onFailure });
  resources.defer(() => carrier.close());
  const token = tokenFile === undefined ? undefined : (await systemFiles.readText(tokenFile))?.trim();
  const agent = await startAgent({
    ...edges,
    config: { ...config, gateway: { url } },
    client: createClient({ url, clientId: 'medkit-fleet-agent', ...(token !== undefined && { token }) }),
    files: { ...systemFiles, ...systemWritableFiles },
    dataDir: folder,
    // Viewers see its connection state.
    log: () => undefined,
    warn: onWarning,
  });
  resources.defer(() => agent.stop());
  return broker.url;
}

async function brokerOf({ broker, resources }: FleetProgram): Promise<string> {
  if (broker !== undefined) return brokerUrl(broker);
  const opened = await openDemoBroker();
  resources.defer(() => opened.close());
  return opened.url;
}
