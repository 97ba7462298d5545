import { systemClock, systemRandom } from '@medkit/edges/node';
import { connectUplink } from '@medkit/tunnel';
import { openPrincipals } from '../../packages/gateway/src/security/identify.ts';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { enrolTestRobot, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { hubAccess } from '../../packages/gateway/src/uplink/hub-access.ts';
import { uplinkServer } from '../../packages/gateway/src/uplink/uplink-server.ts';
import { robotGateway } from '../federation/route-requests.ts';

/** Starts a hub and the gateway of a robot that is connected to it; the hub may do everything on the robot. */
export async function robotOfHub(name = 'amr-17') {
  const hub = await testHub();
  const config = await testConfig();
  const access = hubAccess({ ...config, hub: { ...config.hub, role: 'admin' } }, 'hub.example');
  const principals = openPrincipals({ token: '', random: systemRandom, hub: access });
  const robot = await robotGateway({ parts: { principals } });
  const enrolled = await enrolTestRobot(hub, name);
  const uplink = await connectUplink({
    ...enrolled,
    clock: systemClock,
    serve: uplinkServer(robot.app, access),
    maxKbitPerSec: 0,
  });
  const close = async (): Promise<void> => {
    uplink.close();
    await robot.close();
    await hub.close();
  };
  return { hub, robot, direct: robot.url, through: `${hub.url}/fleet/${name}`, close };
}
