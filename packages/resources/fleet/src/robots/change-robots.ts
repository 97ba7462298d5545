import { FLEET_LABELS, type FleetRobotChange, type FleetRobotState } from '@medkit/contract';
import type { Statement } from '@medkit/store';
import type { Refusal } from '@medkit/tunnel';
import { type FleetContext, nowMs, optionalText } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid } from '../fleet-refused.ts';
import { assertWholeSite } from '../fleet-view.ts';
import { type CreatedInvitation, createInvitation } from '../invitations/invitations.ts';
import { excludeStatements } from './presence.ts';
import { clearProblems } from './problems.ts';
import { robotNamed } from './robot-rows.ts';

/** Minutes for which an invitation of a new machine is valid: the machine may have to be installed first. */
const REPLACE_MINUTES = 24 * 60;

/** Tables with what is known of a robot: their rows are removed when it is retired. */
const KNOWN_TABLES = [
  'fleet_trees',
  'fleet_states',
  'fleet_inventories',
  'fleet_fault_details',
  'fleet_evidence',
  'fleet_faults',
];

/** Ends all queued requests of a robot. A request that was sent may have been executed. */
const END_REQUESTS = `UPDATE fleet_queue
  SET state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE 'unknown' END, reason = ?, ended_ms = ?, version = version + 1
  WHERE robot = ? AND ended_ms IS NULL`;

/** Lets a pending robot connect. Does nothing if it is approved already. Throws `FleetNotFound`, `FleetConflict`. */
export async function approveRobot(context: FleetContext, name: string, by: string): Promise<void> {
  const { id, state } = await robotNamed(context, name);
  if (state === 'approved') return;
  if (state !== 'pending') throw wrongState(name, state, 'Only a pending robot can be approved');
  const sql = "UPDATE fleet_robots SET state = 'approved', approved_ms = ?, approved_by = ? WHERE id = ?";
  await change(context, name, [{ sql, parameters: [nowMs(context), by, id] }]);
}

/** Revokes the keys of a robot and ends its session; `retired` also takes it out of the fleet, and its history stays. */
export async function endRobot(context: FleetContext, name: string, end: 'revoked' | 'retired'): Promise<void> {
  const { id, state } = await robotNamed(context, name);
  if (state === end) return;
  const atMs = nowMs(context);
  if (state === 'retired') throw wrongState(name, state, 'Its key is revoked already');
  await change(
    context,
    name,
    [
      { sql: 'UPDATE fleet_robots SET state = ? WHERE id = ?', parameters: [end, id] },
      {
        sql: 'UPDATE fleet_keys SET revoked_ms = ? WHERE robot = ? AND revoked_ms IS NULL',
        parameters: [atMs, id],
      },
      ...excludeStatements(id, { atMs, reason: `${end} at the hub` }),
      clearProblems(id, ['cloned']),
      { sql: 'DELETE FROM fleet_parks WHERE robot = ?', parameters: [id] },
      { sql: END_REQUESTS, parameters: [`the robot was ${end}`, atMs, id] },
      ...(end === 'retired' ? KNOWN_TABLES : []).map((table) => ({
        sql: `DELETE FROM ${table} WHERE robot = ?`,
        parameters: [id],
      })),
    ],
    { refused: 'revoked', why: `the hub has revoked the key of ${name}` },
  );
}

/** Returns an invitation for a new machine of a robot. Its use revokes the earlier keys. */
export async function replaceRobot(context: FleetContext, name: string, by: string): Promise<CreatedInvitation> {
  const { id, state } = await robotNamed(context, name);
  if (state === 'retired') throw wrongState(name, state, 'Invite a robot with another name');
  return createInvitation(context, { robot: name, minutes: REPLACE_MINUTES }, by, id);
}

/**
 * Ends the quarantine of a robot. `keep` accepts the next machine that connects with the key; another one is a clone
 * from then on. `replace` revokes the key and returns an invitation. Throws `FleetNotFound`, `FleetConflict`.
 */
export async function settleRobot(
  context: FleetContext,
  name: string,
  action: 'keep' | 'replace',
  by: string,
): Promise<CreatedInvitation | undefined> {
  const { id, state } = await robotNamed(context, name);
  if (state !== 'quarantined') throw wrongState(name, state, 'Only a quarantined robot can be settled');
  if (action === 'replace') {
    await endRobot(context, name, 'revoked');
    return replaceRobot(context, name, by);
  }
  const sql = "UPDATE fleet_robots SET state = 'approved', settled = 1 WHERE id = ?";
  await change(context, name, [{ sql, parameters: [id] }, clearProblems(id, ['cloned'])]);
  return undefined;
}

/** Changes site, labels or note of a robot; members that are absent stay. Throws `FleetNotFound`, `FleetInvalid`, `FleetOutside`. */
export async function describeRobot(context: FleetContext, name: string, described: FleetRobotChange): Promise<void> {
  const { id } = await robotNamed(context, name);
  const { site, labels, note } = described;
  if (site !== undefined) await assertMove(context, id, site ?? undefined);
  if (labels && Object.keys(labels).length > FLEET_LABELS.max) {
    throw new FleetInvalid(`A robot has at most ${FLEET_LABELS.max} labels`);
  }
  const set = (column: 'site' | 'labels' | 'note', value: string | null | undefined): readonly Statement[] =>
    value === undefined ? [] : [{ sql: `UPDATE fleet_robots SET ${column} = ? WHERE id = ?`, parameters: [value, id] }];
  await change(context, name, [
    ...set('site', site),
    ...set('labels', labels && JSON.stringify(labels)),
    ...set('note', note),
  ]);
}

/** Checks that the caller decides over the site of a robot and the one to which it moves. Throws `FleetOutside`. */
async function assertMove(context: FleetContext, id: number, site: string | undefined): Promise<void> {
  if (!context.view) return;
  const [row] = await context.store.read('SELECT site FROM fleet_robots WHERE id = ?', [id]);
  assertWholeSite(context, optionalText(row?.site));
  assertWholeSite(context, site);
}

async function change(
  context: FleetContext,
  robot: string,
  statements: readonly Statement[],
  ended?: Refusal,
): Promise<void> {
  if (statements.length === 0) return;
  await context.store.write(statements);
  context.notify({ robot, topic: 'robot', ...(ended && { ended }) });
}

const wrongState = (name: string, state: FleetRobotState, remedy: string): FleetConflict =>
  new FleetConflict(`The robot ${name} is ${state}: ${remedy[0]!.toLowerCase()}${remedy.slice(1)}`);
