import { createHash } from 'node:crypto';
import { type FleetInvitation, type FleetInvitationRequest, INVITATION_MINUTES } from '@medkit/contract';
import type { Row, SqlValue } from '@medkit/store';
import { newInvitationCode } from '@medkit/tunnel';
import { type FleetContext, isoTime, nowMs, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid } from '../fleet-refused.ts';
import { assertWholeSite, inView, isVisible, viewValues } from '../fleet-view.ts';
import { assertRobotQuota } from '../quotas/fleet-quotas.ts';
import { checkPattern, checkRobotName } from './robot-name.ts';

const MINUTE_MS = 60_000;
/** Open invitations: more are a mistake of a script, and each is a code that can be stolen. */
const MAX_INVITATIONS = 1000;

/** An invitation with its code, which is stored as a digest only. */
export type CreatedInvitation = FleetInvitation & { readonly code: string };

/** An invitation as the handshake needs it. */
export interface StoredInvitation {
  readonly id: number;
  readonly robot: string | undefined;
  /** Number of the robot whose machine is replaced. */
  readonly replaces: number | undefined;
  readonly site: string | undefined;
  readonly pattern: string | undefined;
  readonly autoApprove: boolean;
  readonly uses: number;
  readonly left: number;
  readonly createdBy: string;
  readonly expiresMs: number;
}

/**
 * Creates an invitation. Throws `FleetInvalid`, `FleetConflict` or `FleetOutside`. A caller with a view invites robots of
 * its sites only; a robot that is replaced stays at its site.
 */
export async function createInvitation(
  context: FleetContext,
  request: FleetInvitationRequest,
  by: string,
  replaces?: number,
): Promise<CreatedInvitation> {
  const [robot, pattern] = [request.robot ?? undefined, request.name_pattern ?? undefined];
  const [uses, minutes] = [request.uses ?? 1, request.minutes ?? INVITATION_MINUTES.usual];
  if (robot !== undefined) checkRobotName(robot);
  if (pattern !== undefined) checkPattern(pattern);
  if (robot !== undefined && (pattern !== undefined || uses > 1)) {
    throw new FleetInvalid(
      'An invitation for one robot has neither a name pattern nor several uses: leave out `robot`',
    );
  }
  if (robot !== undefined && replaces === undefined) await checkFree(context, robot);
  if (replaces === undefined) {
    assertWholeSite(context, request.site ?? undefined);
    await assertRobotQuota(context);
  }
  const atMs = nowMs(context);
  const [open] = await context.store.read(
    'SELECT count(*) AS n FROM fleet_invites WHERE "left" > 0 AND expires_ms > ?',
    [atMs],
  );
  if (Number(open?.n) >= MAX_INVITATIONS) {
    throw new FleetConflict(`${MAX_INVITATIONS} invitations are open, which is the maximum: withdraw some`);
  }
  const code = newInvitationCode(context.random);
  const { results } = await context.store.write([
    {
      sql: `INSERT INTO fleet_invites
              (digest, robot, replaces, site, pattern, auto, uses, "left", created_ms, created_by, expires_ms, role)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      parameters: [
        ...[digestOf(code), robot ?? null, replaces ?? null, request.site ?? null],
        ...[pattern ?? null, request.auto_approve ? 1 : 0, uses, uses, atMs, by, atMs + minutes * MINUTE_MS],
        request.role ?? null,
      ],
    },
  ]);
  return { ...invitationOf(results[0]!.rows[0]!, atMs), code };
}

async function checkFree(context: FleetContext, robot: string): Promise<void> {
  const [taken] = await context.store.read('SELECT 1 AS found FROM fleet_robots WHERE name = ?', [robot]);
  if (!taken) return;
  if (!isVisible(context, robot)) throw new FleetConflict(`The name ${robot} is taken: choose another name`);
  throw new FleetConflict(`The robot ${robot} exists already: to enrol a new machine for it, replace the robot`);
}

/** Returns all invitations of the view, the newest first. */
export async function listInvitations(context: FleetContext): Promise<readonly FleetInvitation[]> {
  const rows = await context.store.read(
    `SELECT * FROM fleet_invites WHERE ${IN_VIEW} ORDER BY id DESC LIMIT 10000`,
    siteValues(context),
  );
  return rows.map((row) => invitationOf(row, nowMs(context)));
}

/** Removes an invitation: its code is unknown from now on. Returns false if there is none in the view. */
export async function withdrawInvitation(context: FleetContext, id: string): Promise<boolean> {
  if (!/^\d{1,15}$/.test(id)) return false;
  const { results } = await context.store.write([
    {
      sql: `DELETE FROM fleet_invites WHERE id = :id AND ${IN_VIEW}`,
      parameters: { id: Number(id), ...siteValues(context) },
    },
  ]);
  return results[0]!.changes > 0;
}

/** Matches invitations to a site that is wholly in the view, and those that replace the machine of a robot in it. */
const IN_VIEW = `(:sites IS NULL OR site IN (SELECT value FROM json_each(:sites)) OR (replaces IS NOT NULL AND ${inView('replaces')}))`;

const siteValues = (context: FleetContext): Readonly<Record<'sites' | 'view', SqlValue>> => ({
  sites: context.view ? JSON.stringify([...context.view.wholeSites]) : null,
  ...viewValues(context),
});

/** Finds the invitation of a code, with or without hyphens and check characters. */
export async function invitationOfCode({ store }: FleetContext, code: string): Promise<StoredInvitation | undefined> {
  const [row] = await store.read('SELECT * FROM fleet_invites WHERE digest = ?', [digestOf(code)]);
  return (
    row && {
      id: Number(row.id),
      robot: optionalText(row.robot),
      replaces: optionalNumber(row.replaces),
      site: optionalText(row.site),
      pattern: optionalText(row.pattern),
      autoApprove: row.auto === 1,
      uses: Number(row.uses),
      left: Number(row.left),
      createdBy: textOf(row.created_by!),
      expiresMs: Number(row.expires_ms),
    }
  );
}

const digestOf = (code: string): Uint8Array => new Uint8Array(createHash('sha256').update(code).digest());

function invitationOf(row: Row, atMs: number): FleetInvitation {
  const { robot, site, pattern, role } = row;
  const [left, expiresMs] = [Number(row.left), Number(row.expires_ms)];
  return {
    id: textOf(row.id!),
    ...(robot !== null && { robot: textOf(robot!) }),
    ...(site !== null && { site: textOf(site!) }),
    ...(pattern !== null && { name_pattern: textOf(pattern!) }),
    ...(role !== null && { role: textOf(role!) }),
    auto_approve: row.auto === 1,
    state: left === 0 ? 'used' : expiresMs <= atMs ? 'expired' : 'open',
    uses: Number(row.uses),
    left,
    created_at: isoTime(Number(row.created_ms)),
    created_by: textOf(row.created_by!),
    expires_at: isoTime(expiresMs),
  };
}
