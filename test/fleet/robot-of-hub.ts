import { systemClock, systemRandom } from '@medkit/edges/node';
import { connectUplink, type RobotUplink } from '@medkit/tunnel';
import { openPrincipals } from '../../packages/gateway/src/security/identify.ts';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { enrolTestRobot, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { hubAccess } from '../../packages/gateway/src/uplink/hub-access.ts';
import { uplinkServer } from '../../packages/gateway/src/uplink/uplink-server.ts';
import type { RealGatewayOptions } from '../federation/real-gateway.ts';
import { robotGateway } from '../federation/route-requests.ts';
import { eventually } from '../harness/eventually.ts';

type Settings = NonNullable<RealGatewayOptions['config']>;

export interface RobotOfHubOptions {
  readonly name?: string;
  /** Settings of the hub and of the robot. */
  readonly settings?: Settings;
  /** Parts of the gateway of the robot that differ from those of `robotGateway`. */
  readonly robot?: Partial<RealGatewayOptions>;
}

/** Starts a hub and the gateway of a robot that is connected to it. The hub may do everything on the robot. */
export async function robotOfHub({ name = 'amr-17', settings = {}, robot: options = {} }: RobotOfHubOptions = {}) {
  const hub = await testHub(settings);
  const config = await testConfig(settings);
  const access = hubAccess({ ...config, hub: { ...config.hub, role: 'admin' } }, 'hub.example');
  const principals = openPrincipals({ token: '', random: systemRandom, hub: access });
  const robot = await robotGateway({ ...options, config: settings, parts: { principals, ...options.parts } });
  const enrolled = await enrolTestRobot(hub, name);
  let uplink: RobotUplink | undefined;
  const presence = async (): Promise<string> => (await hub.fleet('GET', `/robots/${name}`)).json().presence;
  const connect = async (): Promise<void> => {
    const serve = uplinkServer(robot.app, access);
    uplink = await connectUplink({ ...enrolled, clock: systemClock, serve, maxKbitPerSec: 0 });
    await eventually('the robot', async () => (await presence()) === 'online');
  };
  const leave = async (): Promise<void> => {
    uplink?.close();
    await eventually('its absence', async () => (await presence()) !== 'online');
  };
  await connect();
  const close = async (): Promise<void> => {
    uplink?.close();
    await robot.close();
    await hub.close();
  };
  return { hub, robot, direct: robot.url, through: `${hub.url}/fleet/${name}`, connect, leave, close };
}
