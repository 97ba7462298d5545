import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { API_BASE, ROUTES } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';
import { acceptUplink, UplinkFailed } from '@medkit/tunnel';
import { withoutPublicPath } from '../http/public-url.ts';
import { addressPrefix } from '../limits/address-prefix.ts';
import type { Admission } from './admission.ts';
import type { RobotSessions } from './robot-sessions.ts';

/** Connections of robots before the end of their handshake: one address may have half of those that others leave. */
const MAX_HANDSHAKES = 1000;
/** Address of the route that robots upgrade. */
export const UPLINK_URL = API_BASE + ROUTES.openFleetUplink[0]!.path;

export interface UplinkUpgradeOptions {
  readonly fleet: Pick<Fleet, 'identity' | 'record'>;
  readonly sessions: Pick<RobotSessions, 'add' | 'seen'>;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly log: Log;
  /** Returns whether an address is a proxy whose `X-Forwarded-For` counts; absent if there is none. */
  readonly isProxy?: ((address: string | undefined) => boolean) | undefined;
  /** Path of `server.public_url`, without a trailing slash. */
  readonly publicPath: string;
}

/** Accepts upgrade requests of robots. */
export interface UplinkUpgrade {
  /** Returns whether a request is for the route that robots upgrade. */
  matches(request: IncomingMessage): boolean;
  /** Answers an upgrade request, and takes over its connection. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** The quota of connections before the end of their handshake. */
  readonly handshakes: Quota;
}

export function uplinkUpgrade(options: UplinkUpgradeOptions): UplinkUpgrade {
  const { fleet, sessions, admission, clock, log, isProxy, publicPath } = options;
  const handshakes = new Quota(MAX_HANDSHAKES);
  const shake = async (request: IncomingMessage, socket: Duplex, head: Buffer, address: string): Promise<void> => {
    const retryAfterSec = await admission.enter();
    if (retryAfterSec > 0) return refuse(socket, 503, `Retry-After: ${retryAfterSec}\r\n`);
    if (socket.destroyed) return;
    let robot: string | undefined;
    const uplink = await acceptUplink(
      { request, socket, head },
      {
        identity: fleet.identity,
        record: fleet.record({ address }),
        clock,
        onPing: () => robot !== undefined && sessions.seen(robot),
      },
    );
    if (uplink.kind === 'enrolled') {
      log('info', `${uplink.enrolled.robot} has enrolled from ${address} with the key ${uplink.fingerprint}`);
      return;
    }
    if (uplink.kind === 'rotated') {
      log('info', `${uplink.robot} has the new key ${uplink.newKey} instead of ${uplink.fingerprint}`);
      return;
    }
    robot = uplink.welcome.robot;
    await sessions.add(uplink, address).catch((error: unknown) => {
      uplink.destroy();
      throw error;
    });
  };
  return {
    matches: ({ url = '' }) => withoutPublicPath(url, publicPath).split('?', 1)[0] === UPLINK_URL,
    accept: async (request, socket, head) => {
      socket.on('error', () => undefined);
      // Robots send none: a page of another site must not use up the admission.
      if (request.headers.origin !== undefined) return refuse(socket, 403);
      const address = clientAddress(request, isProxy);
      const owner = addressPrefix(address);
      if (!handshakes.take(owner)) return refuse(socket, 503, 'Retry-After: 5\r\n');
      try {
        await shake(request, socket, head, address);
      } catch (error) {
        // Any client may cause such an end. The tunnel lets the robot read a refusal before it closes the connection.
        if (error instanceof UplinkFailed) return;
        socket.destroy();
        log('error', `an uplink from ${address} failed: ${errorMessage(error)}`);
      } finally {
        handshakes.release(owner);
      }
    },
    handshakes,
  };
}

function refuse(socket: Duplex, status: 403 | 503, headers = ''): void {
  const reason = status === 403 ? 'Forbidden' : 'Service Unavailable';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`, () =>
    socket.destroy(),
  );
}

/** Returns the address of the client: the last one that no trusted proxy has. */
function clientAddress({ socket, headers }: IncomingMessage, isProxy: UplinkUpgradeOptions['isProxy']): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  let address = socket.remoteAddress ?? '';
  while (isProxy?.(address)) {
    const next = forwarded.pop()?.trim() ?? '';
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}
