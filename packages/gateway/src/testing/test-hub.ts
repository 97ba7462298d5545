import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { FLEET_TABLES } from '@medkit/fleet';
import { memoryStore, type Store } from '@medkit/store';
import {
  connectUplink,
  enrolUplink,
  type Identity,
  identityFrom,
  newIdentityKey,
  type RobotUplink,
  readInvitation,
  uplinkAddress,
} from '@medkit/tunnel';
import { memoryRobot } from '@medkit/tunnel/testing';
import type { GatewayServerOptions } from '../gateway-server.ts';
import { type testConfig, testGateway } from './test-gateway.ts';

/**
 * A fleet hub on loopback, with its record in memory. A hub with the store, the `storage` and the port of an earlier one is
 * the same hub after a restart.
 */
export async function testHub(
  changes: Parameters<typeof testConfig>[0] = {},
  parts: Partial<GatewayServerOptions> = {},
  port = 0,
) {
  const store = memoryStore({ clock: systemClock, migrations: FLEET_TABLES });
  const hub = await testGateway(
    { fleet: { enabled: true }, ...changes },
    undefined,
    {},
    {
      clock: systemClock,
      random: systemRandom,
      openFleetStore: async () => ({ ...store, close: async () => undefined }) as Store,
      ...parts,
    },
  );
  await hub.app.listen({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${(hub.app.server.address() as AddressInfo).port}`;
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  const fleet = (method: string, path: string, body?: unknown) => call(method, `/api/v1/x-medkit-fleet${path}`, body);
  return { ...hub, url, store, call, fleet, close: () => hub.app.close() };
}

export type TestHub = Awaited<ReturnType<typeof testHub>>;

/** A robot with a key. */
export interface TestRobot {
  readonly identity: Identity;
  readonly record: ReturnType<typeof memoryRobot>;
  readonly hubFingerprint: string;
  readonly url: string;
}

/** Enrols a robot with an invitation that needs no approval. */
export async function enrolTestRobot(hub: TestHub, robot: string, request: object = {}): Promise<TestRobot> {
  const invitation = await hub.fleet('POST', '/invites', { robot, auto_approve: true, ...request });
  return useInvitation(invitation.json().link);
}

/** Enrols a robot with the link of an invitation. `authorities` are those of a hub with TLS. */
export async function useInvitation(link: string, authorities?: readonly string[]): Promise<TestRobot> {
  const { url, code, hubFingerprint } = readInvitation(link);
  const identity = identityFrom(newIdentityKey());
  const dialled = uplinkAddress(url);
  await enrolUplink({
    url: dialled,
    ...(authorities && { authorities }),
    identity,
    hubFingerprint,
    clock: systemClock,
    request: { enrol: code, machine: { name: 'robot' } },
    store: async () => undefined,
  });
  return { identity, record: memoryRobot(), hubFingerprint, url: dialled };
}

/** Connects a robot whose API `listener` answers. `authorities` are those of a proxy with TLS. */
export function connectTestRobot(
  robot: TestRobot,
  listener: RequestListener | Server,
  authorities?: readonly string[],
): Promise<RobotUplink> {
  const server = typeof listener === 'function' ? createServer(listener) : listener;
  // The routes of the log are for programs on the robot, and for its uplink.
  const serve = (connection: object): void =>
    void server.emit('connection', Object.assign(connection, { remoteAddress: '127.0.0.1' }));
  return connectUplink({
    ...robot,
    ...(authorities && { authorities }),
    clock: systemClock,
    serve: { uplink: serve, gateway: serve, files: serve },
    maxKbitPerSec: 0,
  });
}
