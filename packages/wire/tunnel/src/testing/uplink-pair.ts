import { createServer, type RequestListener } from 'node:http';
import { type Clock, seededRandom } from '@medkit/edges';
import { type HubUplink, openHubEnd } from '../hub-end.ts';
import { identityFrom, newIdentityKey } from '../identity/identity.ts';
import { openRobotEnd, type RobotEndOptions, type RobotUplink } from '../robot-end.ts';
import { type MemoryCarriers, memoryCarriers } from './memory-carriers.ts';
import { type MemoryHub, memoryHub, memoryRobot } from './memory-hub.ts';

/** Keys, records and options of a robot `amr-17` that a hub knows. */
export interface UplinkScene {
  readonly hub: MemoryHub;
  readonly hubEnd: {
    readonly identity: ReturnType<typeof identityFrom>;
    readonly record: MemoryHub;
    readonly clock: Clock;
  };
  readonly robotEnd: RobotEndOptions & { readonly record: ReturnType<typeof memoryRobot> };
}

/** Makes both ends' options. The robot answers with `listener` at the destinations `gateway` and `files`. */
export function uplinkScene(clock: Clock, listener: RequestListener): UplinkScene {
  const hub = memoryHub(seededRandom(1));
  const [hubIdentity, identity] = [identityFrom(newIdentityKey()), identityFrom(newIdentityKey())];
  hub.robots.set(identity.fingerprint, { name: 'amr-17', ratchet: {} });
  const server = createServer(listener);
  const serve = (connection: unknown): void => void server.emit('connection', connection);
  return {
    hub,
    hubEnd: { identity: hubIdentity, record: hub, clock },
    robotEnd: {
      identity,
      hubFingerprint: hubIdentity.fingerprint,
      clock,
      record: memoryRobot(),
      serve: { gateway: serve, files: serve },
      maxKbitPerSec: 0,
    },
  };
}

/** Both ends of an open uplink in memory. */
export async function uplinkPair(
  clock: Clock,
  { hubEnd, robotEnd }: UplinkScene,
): Promise<MemoryCarriersOf & { readonly near: RobotUplink; readonly far: HubUplink }> {
  const carriers = memoryCarriers(clock);
  const [near, far] = await Promise.all([openRobotEnd(carriers.robot, robotEnd), openHubEnd(carriers.hub, hubEnd)]);
  if (far.kind !== 'open') throw new Error('the robot enrolled instead of connecting');
  return { carriers, near, far };
}

interface MemoryCarriersOf {
  readonly carriers: MemoryCarriers;
}
