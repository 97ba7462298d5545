import type { Clock } from '@medkit/edges';
import type { LineChannel } from './line-channel.ts';
import { decodeFromHub, type Enrolled, type Enrolment, type Hello, VERSIONS, type Welcome } from './messages.ts';
import { UplinkFailed } from './uplink-end.ts';

/** What an enrolled robot reads and stores for each connect. */
export interface RobotRecord {
  /** Returns the first message. Its version and clocks are added when it is sent. */
  hello(): Promise<Omit<Hello, 'v' | 'wall_ms' | 'mono_ms'>>;
  /** Time since the start of the machine whose number is in `hello`, milliseconds. */
  monotonicMs(): number;
  /**
   * Stores `welcome.next` durably (fsync) and compares the cursor with the log. Returns whether the log does not
   * contain the cursor, so that a new log has begun; and the fingerprint of the key with which the robot is to connect
   * from now on, if it is another one.
   */
  accept(welcome: Welcome): Promise<{ readonly wentBack: boolean; readonly newKey?: string }>;
}

/** What both ends agreed on. */
export interface RobotAgreement {
  readonly hello: Hello;
  readonly welcome: Welcome;
  readonly wentBack: boolean;
  /** Wall clock of the hub minus this one, milliseconds. Measured and never checked. */
  readonly hubOffsetMs: number;
  /** Time between `hello` and `welcome`, milliseconds. Includes the hub's work. */
  readonly roundTripMs: number;
}

/**
 * Runs the handshake of an enrolled robot. Throws `UplinkFailed`, with `rotated` after the hub has stored a new key. The robot must
 * not send HTTP/2 before it returns.
 */
export async function robotHandshake(channel: LineChannel, record: RobotRecord, clock: Clock): Promise<RobotAgreement> {
  const facts = await record.hello();
  const [sentMs, wallMs] = [clock.monotonicMs(), clock.wallMs()];
  const hello: Hello = { v: VERSIONS, ...facts, wall_ms: wallMs, mono_ms: record.monotonicMs() };
  channel.send(hello);
  const welcome = decodeFromHub('welcome', await channel.read());
  const roundTripMs = clock.monotonicMs() - sentMs;
  const { wentBack, newKey } = await record.accept(welcome);
  channel.send({ confirmed: true, went_back: wentBack, ...(newKey !== undefined && { new_key: newKey }) });
  const { new_key_stored: isStored } = decodeFromHub('go', await channel.read());
  if (newKey !== undefined && isStored) {
    throw new UplinkFailed({ kind: 'rotated', reason: `the hub has stored the new key ${newKey} of this robot` });
  }
  return { hello, welcome, wentBack, hubOffsetMs: welcome.at_ms - (wallMs + roundTripMs / 2), roundTripMs };
}

/** Enrols a robot. Throws `UplinkFailed`. Store the result before the connection is closed. */
export async function robotEnrolment(channel: LineChannel, request: Omit<Enrolment, 'v'>): Promise<Enrolled> {
  const enrolment: Enrolment = { v: VERSIONS, ...request };
  channel.send(enrolment);
  return decodeFromHub('enrolled', await channel.read());
}
