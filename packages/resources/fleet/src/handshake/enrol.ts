import type { Statement } from '@medkit/store';
import type { Enrolled, Enrolment, Refusal } from '@medkit/tunnel';
import { type FleetContext, nowMs, textOf } from '../fleet-context.ts';
import { enrolmentReceipt } from '../hub/hub-secrets.ts';
import type { CodeThrottle } from '../invitations/code-throttle.ts';
import { invitationOfCode, type StoredInvitation } from '../invitations/invitations.ts';
import { nameFromPattern, numberedName, USUAL_PATTERN } from '../invitations/robot-name.ts';
import { robotCount } from '../quotas/fleet-quotas.ts';
import { excludeStatements } from '../robots/presence.ts';
import { clearProblems } from '../robots/problems.ts';
import { keyOf, type RobotKey } from '../robots/robot-rows.ts';

/** Name of the only tenant. */
export const TENANT = 'default';
/** Robots of a hub whose record is in SQLite; retired robots do not count. */
export const MAX_ROBOTS = 500;
/** Robots of a hub whose record is in PostgreSQL: `fleet/postgres-crowd` lets as many connect. */
export const MAX_ROBOTS_ON_POSTGRES = 10_000;
/** Characters that numbered names have in common: the rest has room for a hyphen and five digits. */
const SHARED_CHARS = 57;

type EnrolOutcome = Omit<Enrolled, 'v'> | Refusal;

/**
 * Decides about an enrolment: the code with its first key gives the same result each time, another key is refused. The
 * key, the robot and the used invitation are stored in one transaction before this returns.
 */
export async function enrolRobot(
  context: FleetContext,
  throttle: CodeThrottle,
  { fingerprint, request, address }: { fingerprint: string; request: Enrolment; address: string },
): Promise<EnrolOutcome> {
  const delayMs = throttle.delayMs(address);
  if (delayMs > 0) {
    return { refused: 'too-many', retry_ms: delayMs, why: 'too many wrong codes of invitations: wait a minute' };
  }
  const invitation = await invitationOfCode(context, request.enrol);
  if (!invitation) {
    throttle.wrong(address);
    return { refused: 'invite-unknown', why: 'the hub has no invitation with this code: create a new one' };
  }
  const known = await keyOf(context, fingerprint);
  if (known) return repeated(context, known, invitation);
  return firstUse(context, { fingerprint, request, invitation });
}

interface FirstUse {
  readonly fingerprint: string;
  readonly request: Enrolment;
  readonly invitation: StoredInvitation;
}

async function firstUse(context: FleetContext, use: FirstUse): Promise<EnrolOutcome> {
  const { invitation, request, fingerprint } = use;
  const { serial } = request.machine;
  if (invitation.left === 0) return used('the invitation was used by another machine: create a new one');
  if (invitation.expiresMs <= nowMs(context)) {
    return { refused: 'invite-expired', why: 'the invitation has expired: create a new one' };
  }
  if (invitation.uses > 1) {
    if (serial === undefined) return missing('serial');
    const sql = 'SELECT 1 AS found FROM fleet_keys WHERE invite = ? AND serial = ?';
    const [other] = await context.store.read(sql, [invitation.id, serial]);
    if (other)
      return used(`a machine with the serial ${serial} has used the invitation: set hub.serial if it is another`);
  }
  const statements =
    invitation.replaces === undefined ? await newRobot(context, use) : replacedRobot(context, use, invitation.replaces);
  if ('refused' in statements) return statements;
  await context.store.write(statements);
  const added = (await keyOf(context, fingerprint))!;
  context.notify({
    robot: added.name,
    topic: 'robot',
    ...(invitation.replaces !== undefined && {
      ended: { refused: 'revoked', why: 'another machine replaces this one' },
    }),
  });
  return enrolledOf(context, added);
}

/** Returns the statements that add a robot with this key. */
async function newRobot(
  context: FleetContext,
  { invitation, request, fingerprint }: FirstUse,
): Promise<readonly Statement[] | Refusal> {
  const full = await tooManyRobots(context);
  if (full) return full;
  const named =
    invitation.robot === undefined
      ? nameFromPattern(invitation.pattern ?? USUAL_PATTERN, request.machine)
      : { name: invitation.robot };
  if ('missing' in named) return missing(named.missing);
  const name = invitation.robot ?? (await freeName(context, named.name));
  const [taken] = await context.store.read('SELECT 1 AS found FROM fleet_robots WHERE name = ?', [name]);
  if (taken) return used(`the robot ${name} has enrolled with another invitation: replace it to enrol another machine`);
  const atMs = nowMs(context);
  const auto = invitation.autoApprove;
  return [
    useInvitation(invitation),
    {
      sql: `INSERT INTO fleet_robots (name, state, site, machine, enrolled_ms, approved_ms, approved_by)
            VALUES (?, ?, ?, ?, ?, ?, ?)`,
      parameters: [
        ...[name, auto ? 'approved' : 'pending', invitation.site ?? null, JSON.stringify(request.machine), atMs],
        ...(auto ? [atMs, invitation.createdBy] : [null, null]),
      ],
    },
    { sql: 'INSERT INTO fleet_cursors (robot) SELECT id FROM fleet_robots WHERE name = ?', parameters: [name] },
    {
      sql: `INSERT INTO fleet_keys (fingerprint, robot, invite, serial, added_ms)
            SELECT ?, id, ?, ?, ? FROM fleet_robots WHERE name = ?`,
      parameters: [fingerprint, invitation.id, request.machine.serial ?? null, atMs, name],
    },
  ];
}

/** Returns the statements that give a robot this key instead of its earlier ones, with a new ratchet and a new log. */
function replacedRobot(
  context: FleetContext,
  { invitation, request, fingerprint }: FirstUse,
  robot: number,
): readonly Statement[] {
  const atMs = nowMs(context);
  const auto = invitation.autoApprove;
  return [
    useInvitation(invitation),
    { sql: 'UPDATE fleet_keys SET revoked_ms = ? WHERE robot = ? AND revoked_ms IS NULL', parameters: [atMs, robot] },
    {
      sql: 'INSERT INTO fleet_keys (fingerprint, robot, invite, serial, added_ms) VALUES (?, ?, ?, ?, ?)',
      parameters: [fingerprint, robot, invitation.id, request.machine.serial ?? null, atMs],
    },
    {
      sql: `UPDATE fleet_robots SET state = ?, machine = ?, enrolled_ms = ?, approved_ms = ?, approved_by = ?,
              ratchet_current = NULL, ratchet_next = NULL, settled = 0
            WHERE id = ?`,
      parameters: [
        ...[auto ? 'approved' : 'pending', JSON.stringify(request.machine), atMs],
        ...(auto ? [atMs, invitation.createdBy, robot] : [null, null, robot]),
      ],
    },
    {
      sql: 'UPDATE fleet_cursors SET log = NULL, seq = 0, hash = zeroblob(16), newest = NULL WHERE robot = ?',
      parameters: [robot],
    },
    ...excludeStatements(robot, { atMs, reason: 'another machine replaces it' }),
    { sql: 'DELETE FROM fleet_clocks WHERE robot = ?', parameters: [robot] },
    clearProblems(robot, ['cloned', 'uplink_went_back']),
  ];
}

const useInvitation = ({ id }: StoredInvitation): Statement => ({
  sql: 'UPDATE fleet_invites SET "left" = "left" - 1 WHERE id = ? AND "left" > 0',
  parameters: [id],
});

/** Returns the name, or the name with the lowest free number. */
async function freeName({ store }: FleetContext, name: string): Promise<string> {
  const start = name.slice(0, SHARED_CHARS);
  const rows = await store.read('SELECT name FROM fleet_robots WHERE name >= ? AND name < ?', [start, `${start}~`]);
  const taken = new Set(rows.map((row) => textOf(row.name!)));
  let number = 1;
  while (taken.has(numberedName(name, number))) number += 1;
  return numberedName(name, number);
}

/** Decides about a key that has enrolled before. */
function repeated(context: FleetContext, key: RobotKey, invitation: StoredInvitation): EnrolOutcome {
  if (key.revoked || key.state === 'revoked' || key.state === 'retired') {
    return { refused: 'revoked', why: `the key of ${key.name} was revoked: run medkit enrol --seal, then enrol again` };
  }
  if (key.invite === invitation.id) return enrolledOf(context, key);
  return used(`this machine is enrolled as ${key.name} already: run medkit enrol --seal to make it a new one`);
}

function enrolledOf({ secrets }: FleetContext, { name, state, fingerprint, addedMs }: RobotKey): EnrolOutcome {
  return {
    robot: name,
    tenant: TENANT,
    status: state === 'pending' ? 'pending' : 'approved',
    receipt: receiptOf(secrets, { name, fingerprint, addedMs }),
  };
}

/** Returns the receipt of a key. It stays the same while the key does. */
export const receiptOf = (
  { receipt }: FleetContext['secrets'],
  { name, fingerprint, addedMs }: Pick<RobotKey, 'addedMs' | 'fingerprint' | 'name'>,
): string => enrolmentReceipt(receipt, { robot: name, tenant: TENANT, fingerprint, addedMs });

/** Returns the refusal of a further robot; `undefined` if the hub may have one. */
export async function tooManyRobots(
  context: Pick<FleetContext, 'maxRobots' | 'quotas' | 'store'>,
): Promise<Refusal | undefined> {
  const { maxRobots, quotas } = context;
  const used = await robotCount(context);
  if (used >= maxRobots) {
    return { refused: 'too-many', why: `the hub has ${maxRobots} robots, which is the maximum: retire some` };
  }
  if (quotas.robots === 0 || used < quotas.robots) return undefined;
  return {
    refused: 'too-many',
    why: `the hub has ${used} robots, and its quota fleet.quota.robots is ${quotas.robots}: retire some, or raise the quota`,
  };
}

const used = (why: string): Refusal => ({ refused: 'invite-used', why });
const missing = (fact: string): Refusal => ({
  refused: 'malformed',
  why: `the invitation needs the ${fact} of the machine, which the robot did not report`,
});
