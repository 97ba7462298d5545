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
import {
  type Enrolment,
  hubFolders,
  hubName,
  MAX_ENROLMENTS,
  type StoredHub,
  storedHubs,
  UplinkFileBroken,
  type UplinkFiles,
  type UplinkFolder,
  uplinkFolder,
} from '@medkit/uplink';
import type { GatewayConfig, HubSettings } from '../config/index.ts';
import { hubAuthorities } from './gateway-hub.ts';
import { hubSettings } from './hub-access.ts';
import { machineFacts } from './machine-facts.ts';

export { InvalidInvitation, type Invitation, readInvitation } from '@medkit/tunnel';
export { hubName, isHub, type StoredHub, UplinkFileBroken } from '@medkit/uplink';
export { holderOf } from '../database/data-folder.ts';
export { hubPermissions, hubRole, hubSettings } from './hub-access.ts';

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
  readonly config: Pick<GatewayConfig, 'data_dir' | 'hub' | 'hubs'>;
  readonly files: UplinkFiles & Pick<Files, 'list' | 'stateOf'>;
  readonly clock: Clock;
  readonly invitation: Invitation;
  /** Whether the robot may have another hub besides; otherwise it is enrolled at one only. */
  readonly add?: boolean;
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

type FolderOptions = Pick<EnrolRobotOptions, 'config' | 'files'>;

/** Returns the hubs at which this robot is enrolled, the first one first. */
export const robotHubs = ({ config, files }: FolderOptions): Promise<readonly StoredHub[]> =>
  storedHubs(resolve(config.data_dir), files);

/** Where an enrolment is stored, and what the hub may do. */
export interface EnrolmentPlan {
  /** The other hubs of this robot. */
  readonly others: readonly StoredHub[];
  readonly folder: UplinkFolder;
  readonly settings: HubSettings;
}

/**
 * Decides how this robot is enrolled with an invitation. Throws `EnrolmentRefused` if the robot has another hub and `add`
 * is not set, if it has the maximum, or if the settings have no section for this hub; `UplinkFileBroken`.
 */
export async function planEnrolment({
  config,
  files,
  invitation: { url, hubFingerprint },
  add,
}: Pick<EnrolRobotOptions, 'add' | 'config' | 'files' | 'invitation'>): Promise<EnrolmentPlan> {
  const known = await robotHubs({ config, files });
  const broken = known.find((hub) => hub.broken !== undefined)?.broken;
  if (broken !== undefined) throw new UplinkFileBroken(broken);
  const same = known.find(({ enrolment }) => enrolment?.hub_fingerprint === hubFingerprint);
  const others = known.filter((hub) => hub !== same);
  const places = others.map(({ name, enrolment }) => `${name} as ${enrolment?.robot}`).join(' and ');
  if (others.length >= MAX_ENROLMENTS) {
    const text = `this robot is enrolled at ${places}, which is the maximum: run \`medkit enrol --remove <hub>\` for one of them first`;
    throw new EnrolmentRefused('too-many-hubs', text);
  }
  if (!same && others.length > 0 && !add) {
    const text = `this robot is enrolled at ${places}: to enrol it at a second hub, add --add; to replace the hub, run \`medkit enrol --seal\` first`;
    throw new EnrolmentRefused('other-enrolment', text);
  }
  const host = hubName({ url });
  const name = others.some((hub) => hub.name === host) ? hubFingerprint : host;
  const enrolment = { hub_fingerprint: hubFingerprint };
  const settings = hubSettings(config, { name, enrolment, isFirst: same ? same === known[0] : known.length === 0 });
  if (!settings) {
    const text = `the setting hub has no section for ${name}: add one with \`name: ${name}\` to the configuration first`;
    throw new EnrolmentRefused('no-settings', text);
  }
  const further = known.length === 0 ? '' : hubFingerprint;
  return { others, folder: same?.folder ?? uplinkFolder(resolve(config.data_dir), files, further), settings };
}

/**
 * Enrols this robot: creates its key, proves it to the hub of the invitation, and stores the result. A repeated call
 * with the same invitation gives the same result, also after this process was killed. Throws as `planEnrolment`, and
 * `UplinkFailed` if the hub cannot be reached.
 */
export async function enrolRobot(options: EnrolRobotOptions): Promise<RobotEnrolment> {
  const { config, files, clock, invitation, machine } = options;
  const { folder, settings } = await planEnrolment(options);
  const identity = await folder.createIdentity();
  const authorities = await hubAuthorities(settings, files);
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
 * Removes keys, enrolments and ratchets, before an image of the disk is made. The gateway removes the log at its first start
 * after the next enrolment, because it belongs to another key. Returns whether there was a key or an enrolment.
 */
export async function sealRobot({ config, files }: FolderOptions): Promise<boolean> {
  const folders = await hubFolders(resolve(config.data_dir), files);
  const had = (await files.stateOf(folders[0]!.path)) !== undefined;
  for (const folder of folders) await folder.clear();
  return had;
}
