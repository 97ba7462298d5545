import type { Clock } from '@medkit/edges';
import { acceptWebSocket, type UpgradeRequest } from './carrier/accept-web-socket.ts';
import { type DialledCarrier, dialWebSocket, type WebSocketOptions } from './carrier/dial-web-socket.ts';
import type { Enrolled, Enrolment } from './handshake/messages.ts';
import { type HubEndOptions, type HubEnrolment, type HubRotation, type HubUplink, openHubEnd } from './hub-end.ts';
import {
  enrolOver,
  HANDSHAKE_MS,
  openRobotEnd,
  type RobotEndOptions,
  type RobotPinning,
  type RobotUplink,
} from './robot-end.ts';

type Address = Pick<WebSocketOptions, 'url' | 'authorities'>;

export interface ConnectOptions extends Address, RobotEndOptions {
  /** Ends the attempt. An open uplink is ended with `close`. */
  readonly signal?: AbortSignal;
}

/**
 * Opens the uplink of an enrolled robot: dials the hub, proves both keys, and runs the handshake. Throws `UplinkFailed`;
 * give its `end`, or that of `ended`, to `comeBack` for the time of the next attempt.
 */
export async function connectUplink(
  options: ConnectOptions,
): Promise<RobotUplink & { readonly outerProblem: string | undefined }> {
  const { carrier, outerProblem } = await dial(options, options.clock, options.signal);
  const uplink = await openRobotEnd(carrier, options);
  return Object.assign(uplink, { outerProblem });
}

export interface EnrolOptions extends Address, RobotPinning {
  readonly request: Omit<Enrolment, 'v'>;
  /** Stores the result durably. A repeated enrolment with the same key gives the same result. */
  store(enrolled: Enrolled): Promise<void>;
  readonly signal?: AbortSignal;
}

/** Enrols a robot with the code of an invitation. The code is sent only to a hub with the key of the invitation. */
export async function enrolUplink(options: EnrolOptions): Promise<Enrolled> {
  const { carrier } = await dial(options, options.clock, options.signal);
  return enrolOver(carrier, options);
}

/**
 * Accepts the upgrade request of a robot at the hub: answers it, proves both keys, and runs the handshake. Limit the
 * number of concurrent calls, and answer further requests with 503 instead. Throws `UplinkFailed`.
 */
export async function acceptUplink(
  upgrade: UpgradeRequest,
  options: HubEndOptions,
): Promise<HubUplink | HubEnrolment | HubRotation> {
  return openHubEnd(await acceptWebSocket(upgrade, options.clock), options);
}

async function dial(address: Address, clock: Clock, signal?: AbortSignal): Promise<DialledCarrier> {
  const late = new AbortController();
  const timer = clock.after(HANDSHAKE_MS, () => late.abort());
  try {
    return await dialWebSocket({
      ...address,
      clock,
      signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
    });
  } finally {
    timer.cancel();
  }
}
