import type { TLSSocket } from 'node:tls';
import { type Clock, within } from '@medkit/edges';
import type { Carrier } from './carrier/carrier.ts';
import { type HubRecord, hubHandshake } from './handshake/hub-handshake.ts';
import { lineChannel } from './handshake/line-channel.ts';
import type { Enrolled, Hello, Welcome } from './handshake/messages.ts';
import { UplinkFailed } from './handshake/uplink-end.ts';
import type { Identity } from './identity/identity.ts';
import { HANDSHAKE_MS, tooSlow } from './robot-end.ts';
import { type HubSession, hubSession } from './session/hub-session.ts';
import { secureHub } from './session/inner-tls.ts';
import { pingPeriodMs, silenceLimit } from './timing/keep-alive.ts';

/** Time for a refused robot to read the refusal before the connection is cut. */
const REFUSAL_MS = 1000;

export interface HubEndOptions {
  readonly identity: Identity;
  readonly record: HubRecord;
  readonly clock: Clock;
  /** Called for each ping of the robot. */
  readonly onPing?: () => void;
}

/** An open uplink of a robot at the hub. */
export interface HubUplink extends HubSession {
  readonly kind: 'open';
  readonly fingerprint: string;
  readonly hello: Hello;
  readonly welcome: Welcome;
  /** The robot's log did not contain the cursor: a new log has begun. */
  readonly wentBack: boolean;
  /** Resolves with the reason when the session has ended. */
  readonly ended: Promise<string>;
}

/** An enrolment through the connection, which the robot closes. */
export interface HubEnrolment {
  readonly kind: 'enrolled';
  readonly fingerprint: string;
  readonly enrolled: Enrolled;
}

/** A handshake in which the robot stated a new key; it connects again with that one. */
export interface HubRotation {
  readonly kind: 'rotated';
  readonly fingerprint: string;
  readonly robot: string;
  readonly newKey: string;
}

/** Opens the hub's end on a carrier. Throws `UplinkFailed`, and closes the carrier then. */
export async function openHubEnd(
  carrier: Carrier,
  options: HubEndOptions,
): Promise<HubUplink | HubEnrolment | HubRotation> {
  const { identity, record, clock } = options;
  let socket: TLSSocket | undefined;
  const run = async () => {
    const secured = await secureHub(carrier.stream, identity);
    socket = secured.socket;
    const channel = lineChannel(socket);
    const agreement = await hubHandshake(channel, secured.fingerprint, record, clock);
    return { channel, agreement, fingerprint: secured.fingerprint };
  };
  try {
    const { channel, agreement, fingerprint } = await within(clock, HANDSHAKE_MS, run(), tooSlow);
    if (agreement.kind === 'open')
      return { ...agreement, fingerprint, ...session(carrier, channel.intoStream(), agreement, options) };
    closeSoon(carrier, socket, clock);
    return { ...agreement, fingerprint };
  } catch (error) {
    if (error instanceof UplinkFailed && error.end.kind !== 'lost') closeSoon(carrier, socket, clock);
    else carrier.stream.destroy();
    throw error;
  }
}

function session(
  carrier: Carrier,
  stream: Parameters<typeof hubSession>[0],
  { hello, welcome }: { readonly hello: Hello; readonly welcome: Welcome },
  { clock, onPing }: HubEndOptions,
): HubSession & { readonly ended: Promise<string> } {
  const ended = Promise.withResolvers<string>();
  let problem: string | undefined;
  const opened = hubSession(stream, clock, (reason) => {
    limit.close();
    carrier.stream.destroy();
    ended.resolve(problem ?? reason);
  });
  const periodMs = pingPeriodMs(hello.link.keepalive_sec, welcome.policy.keepalive_max_sec);
  const limit = silenceLimit(clock, periodMs, () => {
    problem = `the robot sent no ping for ${(periodMs * 2.5) / 1000} s`;
    opened.destroy();
  });
  carrier.listen({
    ping: () => {
      limit.sign();
      onPing?.();
    },
  });
  return { ...opened, ended: ended.promise };
}

/** Lets the robot read the last line, and then cuts the connection. */
function closeSoon(carrier: Carrier, socket: TLSSocket | undefined, clock: Clock): void {
  socket?.end();
  const timer = clock.after(REFUSAL_MS, () => carrier.stream.destroy());
  carrier.stream.once('close', () => timer.cancel());
}
