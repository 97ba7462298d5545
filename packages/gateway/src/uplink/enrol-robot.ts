import { resolve } from 'node:path';
import { VERSION } from '@medkit/contract';
import type { Clock, Files, Random } from '@medkit/edges';
import {
  comeBack,
  type Enrolled,
  enrolUplink,
  type Invitation,
  type UplinkEnd,
  UplinkFailed,
  uplinkAddress,
} from '@medkit/tunnel';
import { type Enrolment, hubName, type UplinkFiles, uplinkFolder } from '@medkit/uplink';
import type { GatewayConfig } from '../config/index.ts';
import { hubAuthorities } from './gateway-hub.ts';
import { machineFacts } from './machine-facts.ts';

export { InvalidInvitation, type Invitation, readInvitation } from '@medkit/tunnel';
export { hubName, UplinkFileBroken } from '@medkit/uplink';
export { holderOf } from '../database/data-folder.ts';
export { hubPermissions, hubRole } from './hub-access.ts';

/** The hub or this robot refuses the enrolment. The message has the reason and the remedy. */
export class EnrolmentRefused extends Error {
  override readonly name = 'EnrolmentRefused';
  /** Such as `hub-not-the-one-invited`, `invite-used` or `other-enrolment`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface EnrolRobotOptions {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'hub'>;
  readonly files: UplinkFiles & Pick<Files, 'stateOf'>;
  readonly clock: Clock;
  readonly invitation: Invitation;
  /** Host name and operating system. */
  readonly machine: { readonly name: string; readonly system: string };
}

/** An enrolled robot, and whether the hub still has to approve it. */
export interface RobotEnrolment extends Enrolment {
  readonly status: Enrolled['status'];
  /** Fingerprint of the robot's key, which the hub lists too. */
  readonly fingerprint: string;
}

const REMEDIES: Readonly<Record<string, string>> = {
  'invite-unknown': 'the hub does not know this code: create a new invitation on the hub',
  'invite-used': 'another robot has used this invitation: create a new invitation on the hub',
  'invite-expired': 'the invitation has expired: create a new invitation on the hub',
  'too-many': 'wait a minute, and run the command again',
  'too-old': 'update medkit on this robot',
  'too-new': 'update medkit on the hub',
};

/**
 * Enrols this robot: creates its key, proves it to the hub of the invitation, and stores the result. A repeated call
 * with the same invitation gives the same result, also after this process was killed. Throws `EnrolmentRefused`,
 * `UplinkFileBroken`, or `UplinkFailed` if the hub cannot be reached.
 */
export async function enrolRobot(options: EnrolRobotOptions): Promise<RobotEnrolment> {
  const { config, files, clock, invitation, machine } = options;
  const folder = uplinkFolder(resolve(config.data_dir), files);
  const known = await folder.enrolment();
  if (known && known.hub_fingerprint !== invitation.hubFingerprint) {
    const text = `this robot is enrolled at ${hubName(known)} as ${known.robot}: to enrol it at another hub, run \`medkit enrol --seal\` first`;
    throw new EnrolmentRefused('other-enrolment', text);
  }
  const identity = await folder.createIdentity();
  const authorities = await hubAuthorities(config, files);
  const facts = await machineFacts(files, { ...machine, medkit: VERSION, serial: config.hub.serial });
  const enrolment = (enrolled: Enrolled): Enrolment => ({
    url: invitation.url,
    hub_fingerprint: invitation.hubFingerprint,
    robot: enrolled.robot,
    tenant: enrolled.tenant,
    receipt: enrolled.receipt,
    ...(invitation.role !== undefined && { role: invitation.role }),
    enrolled_at: new Date(clock.wallMs()).toISOString(),
  });
  try {
    const enrolled = await enrolUplink({
      url: uplinkAddress(invitation.url),
      ...(authorities && { authorities }),
      identity,
      hubFingerprint: invitation.hubFingerprint,
      clock,
      request: { enrol: invitation.code, machine: facts },
      store: (result) => folder.saveEnrolment(enrolment(result)),
    });
    return { ...enrolment(enrolled), status: enrolled.status, fingerprint: identity.fingerprint };
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

export interface FirstBootOptions {
  readonly random: Pick<Random, 'float'>;
  /** Makes one attempt. */
  attempt(): Promise<RobotEnrolment>;
  /** Waits before the next attempt. A rejection ends the enrolment. */
  wait(end: UplinkEnd, delayMs: number): Promise<void>;
}

/** Returns the enrolment of this robot; `undefined` if it is not enrolled. Throws `UplinkFileBroken`. */
export const storedEnrolment = ({
  config,
  files,
}: Pick<EnrolRobotOptions, 'config' | 'files'>): Promise<Enrolment | undefined> =>
  uplinkFolder(resolve(config.data_dir), files).enrolment();

/**
 * Enrols a robot that may have no network yet: repeats the attempt with the delays of a robot that returns to its hub,
 * until it succeeds or the hub refuses it.
 */
export async function enrolAtFirstBoot({ random, attempt, wait }: FirstBootOptions): Promise<RobotEnrolment> {
  for (let failures = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      const end = passingEnd(error);
      const back = end && comeBack(end, { failures, connectedMs: 0, spreadMs: 0 }, random);
      if (!end || !back) throw error;
      failures = back.failures;
      await wait(end, back.delayMs);
    }
  }
}

/** Returns the end of an attempt that may succeed later; `undefined` if a person has to act. */
function passingEnd(error: unknown): UplinkEnd | undefined {
  if (error instanceof UplinkFailed) return error.end;
  if (!(error instanceof EnrolmentRefused) || error.code !== 'too-many') return undefined;
  return { kind: 'refused', code: error.code, reason: error.message };
}

function refusalOf(error: unknown): EnrolmentRefused | undefined {
  if (!(error instanceof UplinkFailed)) return undefined;
  const { end } = error;
  if (end.kind === 'protocol' && end.code === 'other-hub') {
    const text = 'another hub than that of the invitation answers; it received nothing';
    const remedy = 'check DNS and proxies, and that the link is complete';
    return new EnrolmentRefused('hub-not-the-one-invited', `hub-not-the-one-invited: ${text}: ${remedy}`);
  }
  if (end.kind !== 'refused') return undefined;
  const remedy = REMEDIES[end.code];
  return new EnrolmentRefused(end.code, `${end.code}: ${remedy ?? end.reason}`);
}

/**
 * Removes keys, enrolment and ratchet, before an image of the disk is made. The gateway removes the log at its first start
 * after the next enrolment, because it belongs to another key. Returns whether there was a key or an enrolment.
 */
export async function sealRobot({ config, files }: Pick<EnrolRobotOptions, 'config' | 'files'>): Promise<boolean> {
  const folder = uplinkFolder(resolve(config.data_dir), files);
  const had = (await files.stateOf(folder.path)) !== undefined;
  await folder.clear();
  return had;
}
