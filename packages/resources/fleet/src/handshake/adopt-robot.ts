import type { Refusal } from '@medkit/tunnel';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { readReceipt } from '../hub/hub-secrets.ts';
import { keyOf, type RobotKey } from '../robots/robot-rows.ts';
import { TENANT, tooManyRobots } from './enrol.ts';

const MESSAGE =
  'The robot has a receipt of its enrolment, which this hub does not have any more: its database is an older copy. Site and labels are lost. Compare the fingerprint of the key, then approve the robot.';

/**
 * Adds a robot with an unknown key whose receipt this hub has created: the database was restored to a copy from before
 * the enrolment. A person has to approve it. Returns `undefined` without such a receipt, and if the hub has a robot with
 * this name: its keys are newer than the receipt, or a person replaces its machine.
 */
export async function adoptRobot(
  context: FleetContext,
  fingerprint: string,
  receipt: string | undefined,
): Promise<RobotKey | Refusal | undefined> {
  const facts = receipt === undefined ? undefined : readReceipt(context.secrets.receipt, receipt);
  if (facts?.fingerprint !== fingerprint || facts.tenant !== TENANT) return undefined;
  const { robot, addedMs } = facts;
  const [taken] = await context.store.read('SELECT 1 AS found FROM fleet_robots WHERE name = ?', [robot]);
  if (taken) return undefined;
  const full = await tooManyRobots(context);
  if (full) return full;
  await context.store.write([
    {
      // The next step of its ratchet is accepted, whatever it is: the hub's number of the robot is another one.
      sql: `INSERT INTO fleet_robots (name, state, machine, enrolled_ms, settled) VALUES (?, 'pending', '{}', ?, 1)`,
      parameters: [robot, addedMs],
    },
    { sql: 'INSERT INTO fleet_cursors (robot) SELECT id FROM fleet_robots WHERE name = ?', parameters: [robot] },
    {
      sql: `INSERT INTO fleet_keys (fingerprint, robot, invite, added_ms)
            SELECT ?, id, 0, ? FROM fleet_robots WHERE name = ?`,
      parameters: [fingerprint, addedMs, robot],
    },
    {
      sql: `INSERT INTO fleet_problems (robot, code, message, since_ms)
            SELECT id, 'hub_went_back', ?, ? FROM fleet_robots WHERE name = ?`,
      parameters: [MESSAGE, nowMs(context), robot],
    },
  ]);
  context.notify({ robot, topic: 'robot' });
  context.log('warn', `${robot} has a receipt of an enrolment that this fleet hub does not have: approve it again`);
  return keyOf(context, fingerprint);
}
