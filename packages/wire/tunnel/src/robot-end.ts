import type { TLSSocket } from 'node:tls';
import { type Clock, within } from '@medkit/edges';
import type { Carrier } from './carrier/carrier.ts';
import { type LineChannel, lineChannel } from './handshake/line-channel.ts';
import type { Enrolled, Enrolment } from './handshake/messages.ts';
import { type RobotAgreement, type RobotRecord, robotEnrolment, robotHandshake } from './handshake/robot-handshake.ts';
import { type UplinkEnd, UplinkFailed } from './handshake/uplink-end.ts';
import type { Identity } from './identity/identity.ts';
import { secureRobot } from './session/inner-tls.ts';
import { robotSession, type ServedAuthorities } from './session/robot-session.ts';
import { type Traffic, trafficMeter } from './session/traffic-meter.ts';
import { filePace } from './timing/file-pace.ts';
import { keepAlive, pingPeriodMs } from './timing/keep-alive.ts';

/** Maximum duration of the inner TLS and the handshake. */
export const HANDSHAKE_MS = 10_000;

/** Interval in which the bytes of the socket are reported. */
const SETTLE_MS = 1000;

/** Key of this robot, and the key of the hub that it accepts. */
export interface RobotPinning {
  readonly identity: Identity;
  /** Fingerprint of the hub's key, from the invitation. */
  readonly hubFingerprint: string;
  readonly clock: Clock;
}

export interface RobotEndOptions extends RobotPinning {
  readonly record: RobotRecord;
  readonly serve: ServedAuthorities;
  /** Upper limit of the ping period, milliseconds, from `shortenPeriod`. */
  readonly maxPeriodMs?: number;
  /** Called for the bytes that passed the socket, every second and at the end. */
  readonly onTraffic?: (traffic: Traffic) => void;
  /** Returns for how many milliseconds at least files of a class wait; 0 to send them. */
  readonly holdMs?: (trafficClass: number) => number;
  /** Setting `hub.max_kbit_s`: limit for files; 0 for none. */
  readonly maxKbitPerSec: number;
  /** Addresses of the machine as one text: a change checks the connection. */
  readonly addresses?: () => string;
}

/** How a session ended. */
export interface RobotSessionEnd {
  readonly end: UplinkEnd;
  /** Duration of the session, for `comeBack`. */
  readonly connectedMs: number;
  /** Time since the last data, for `shortenPeriod`; 0 if this end detected the loss. */
  readonly silentMs: number;
}

/** An open uplink of a robot. */
export interface RobotUplink {
  readonly agreement: RobotAgreement;
  /** Period of the pings, milliseconds. */
  readonly periodMs: number;
  /** Round trip of the last ping; of the handshake before the first one. Milliseconds. */
  readonly roundTripMs: number;
  /** Resolves when the session has ended. */
  readonly ended: Promise<RobotSessionEnd>;
  close(): void;
}

/** Opens the robot's end on a carrier. Throws `UplinkFailed`, and closes the carrier then. */
export async function openRobotEnd(carrier: Carrier, options: RobotEndOptions): Promise<RobotUplink> {
  const { record, clock } = options;
  const opened = await handshake(carrier, options, async (channel) => {
    const agreement = await robotHandshake(channel, record, clock);
    return { agreement, stream: channel.intoStream() };
  });
  const { agreement, stream } = opened;
  const startedMs = clock.monotonicMs();
  const ended = Promise.withResolvers<RobotSessionEnd>();
  const pace = filePace(clock, options.maxKbitPerSec);
  const maxSec = agreement.welcome.policy.keepalive_max_sec;
  const maxPeriodMs = options.maxPeriodMs ?? Number.POSITIVE_INFINITY;
  const periodMs = Math.min(pingPeriodMs(agreement.hello.link.keepalive_sec, maxSec), maxPeriodMs);
  let local: UplinkEnd | undefined;
  let roundTripMs = agreement.roundTripMs;
  const meter = trafficMeter((traffic) => options.onTraffic?.(traffic));
  const settling = clock.every(SETTLE_MS, () => meter.settle(carrier.octets));
  const stop = (end: UplinkEnd): void => {
    local ??= end;
    session.destroy();
    carrier.stream.destroy();
  };
  const pings = keepAlive({
    clock,
    periodMs,
    ping: () => {
      pace.pinged();
      carrier.ping();
    },
    onRoundTrip: (ms) => {
      roundTripMs = ms;
      pace.roundTrip(ms);
      if (pace.needsPing) pings.ping();
    },
    onDead: () => stop({ kind: 'lost', reason: 'the hub does not answer pings' }),
    ...(options.addresses && { addresses: options.addresses }),
  });
  carrier.listen({ pong: pings.pong });
  const session = robotSession(stream, {
    serve: options.serve,
    pace,
    clock,
    meter,
    holdMs: options.holdMs,
    ping: () => pings.ping(),
    onEnd: (end) => {
      pings.close();
      settling.cancel();
      meter.settle(carrier.octets);
      carrier.stream.destroy();
      const nowMs = clock.monotonicMs();
      const silentMs = local ? 0 : nowMs - carrier.activeMs;
      ended.resolve({ end: local ?? end, connectedMs: nowMs - startedMs, silentMs });
    },
  });
  return {
    agreement,
    periodMs,
    get roundTripMs() {
      return roundTripMs;
    },
    ended: ended.promise,
    close: () => stop({ kind: 'closed', reason: 'this robot closed the uplink' }),
  };
}

/** Enrols the robot over a carrier, and closes it. `store` must have stored the result durably when it resolves. */
export async function enrolOver(
  carrier: Carrier,
  options: RobotPinning & { readonly request: Omit<Enrolment, 'v'>; store(enrolled: Enrolled): Promise<void> },
): Promise<Enrolled> {
  const enrolled = await handshake(carrier, options, (channel) => robotEnrolment(channel, options.request));
  await options.store(enrolled);
  carrier.stream.destroy();
  return enrolled;
}

async function handshake<T>(
  carrier: Carrier,
  { identity, hubFingerprint, clock }: RobotPinning,
  exchange: (channel: LineChannel) => Promise<T>,
): Promise<T> {
  let socket: TLSSocket | undefined;
  const run = async (): Promise<T> => {
    socket = await secureRobot(carrier.stream, identity, hubFingerprint);
    return exchange(lineChannel(socket));
  };
  try {
    return await within(clock, HANDSHAKE_MS, run(), tooSlow);
  } catch (error) {
    socket?.destroy();
    carrier.stream.destroy();
    throw error;
  }
}

/** Throws the end of a handshake that took too long. */
export function tooSlow(): never {
  const reason = `the handshake was not complete within ${HANDSHAKE_MS / 1000} s`;
  throw new UplinkFailed({ kind: 'protocol', code: 'too-slow', reason });
}
