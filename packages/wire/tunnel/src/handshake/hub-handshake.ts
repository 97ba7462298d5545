import type { Clock } from '@medkit/edges';
import type { LineChannel } from './line-channel.ts';
import {
  commonVersion,
  decodeFromRobot,
  type Enrolled,
  type Enrolment,
  type Hello,
  type Refusal,
  refusedBy,
  type Welcome,
} from './messages.ts';
import { UplinkFailed } from './uplink-end.ts';

/** The hub's decisions about a robot, which is known by the fingerprint of its key only. */
export interface HubRecord {
  /** Decides about an enrolled robot. Stores the next step of the ratchet before it returns. */
  welcome(fingerprint: string, hello: Hello): Promise<Omit<Welcome, 'v' | 'at_ms'> | Refusal>;
  /** Notes that the hub refuses a robot, because it speaks old versions of the handshake only. */
  outdated(fingerprint: string): Promise<void>;
  /** Decides about an enrolment. The same code with the same key gives the same result. */
  enrol(fingerprint: string, request: Enrolment): Promise<Omit<Enrolled, 'v'> | Refusal>;
  /**
   * The robot stored the ratchet: makes its next step the current one. Stores the fingerprint of a new key beside the
   * present one. A refusal ends the handshake.
   */
  confirm(
    fingerprint: string,
    confirmation: { readonly wentBack: boolean; readonly newKey?: string },
  ): Promise<{ readonly isNewKeyStored: boolean } | Refusal>;
}

/** Outcome of a handshake that was not refused. */
export type HubAgreement =
  | { readonly kind: 'enrolled'; readonly enrolled: Enrolled }
  /** The robot connects again, with its new key. */
  | { readonly kind: 'rotated'; readonly robot: string; readonly newKey: string }
  | { readonly kind: 'open'; readonly hello: Hello; readonly welcome: Welcome; readonly wentBack: boolean };

/** Runs the hub's side of a handshake. Sends each refusal to the robot, and throws it as `UplinkFailed`. */
export async function hubHandshake(
  channel: LineChannel,
  fingerprint: string,
  record: HubRecord,
  clock: Clock,
): Promise<HubAgreement> {
  const first = await receive(channel, 'first');
  const version = commonVersion(first.v);
  if (version === 'too-old') await record.outdated(fingerprint);
  if (typeof version === 'string') throw refuse(channel, { refused: version, why: VERSION_REMEDY[version] });
  if ('enrol' in first) {
    const decided = await record.enrol(fingerprint, first);
    if ('refused' in decided) throw refuse(channel, decided);
    const enrolled: Enrolled = { v: version, ...decided };
    channel.send(enrolled);
    return { kind: 'enrolled', enrolled };
  }
  const decided = await record.welcome(fingerprint, first);
  if ('refused' in decided) throw refuse(channel, decided);
  const welcome: Welcome = { v: version, at_ms: clock.wallMs(), ...decided };
  channel.send(welcome);
  const { confirmed, went_back: wentBack, new_key: newKey } = await receive(channel, 'confirmation');
  if (!confirmed) throw refuse(channel, { refused: 'malformed', why: 'the robot did not confirm the ratchet' });
  const stored = await record.confirm(fingerprint, { wentBack, ...(newKey !== undefined && { newKey }) });
  if ('refused' in stored) throw refuse(channel, stored);
  if (newKey !== undefined && stored.isNewKeyStored) {
    channel.send({ go: true, new_key_stored: true });
    return { kind: 'rotated', robot: welcome.robot, newKey };
  }
  channel.send({ go: true });
  return { kind: 'open', hello: first, welcome, wentBack };
}

const VERSION_REMEDY = {
  'too-old': 'the hub does not speak the uplink versions of this robot: update medkit on the robot',
  'too-new': 'the hub does not speak the uplink versions of this robot: update medkit on the hub',
} as const;

/** Reads a message. Sends a refusal if it is invalid. */
async function receive<K extends Parameters<typeof decodeFromRobot>[0]>(
  channel: LineChannel,
  expected: K,
): Promise<ReturnType<typeof decodeFromRobot<K>>> {
  try {
    return decodeFromRobot(expected, await channel.read());
  } catch (error) {
    if (error instanceof UplinkFailed && error.end.kind === 'protocol') {
      refuse(channel, { refused: 'malformed', why: error.message });
    }
    throw error;
  }
}

function refuse(channel: LineChannel, refusal: Refusal): UplinkFailed {
  channel.send(refusal);
  return refusedBy(refusal);
}
