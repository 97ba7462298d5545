import type { ModelHub } from './model-hub.ts';
import { HUB, type ModelRobot } from './model-robot.ts';
import { type ModelSession, newSession } from './model-session.ts';

/** Where a connect is interrupted. */
export type CutPoint = 'before-store' | 'before-confirm' | 'connects-again' | 'after-confirm' | 'none';

/**
 * Connects a robot: handshake, and the lease of the session. The robot stores the step of the ratchet before it confirms
 * it. Returns `undefined` if the connect was refused or interrupted.
 */
export async function connectRobot(
  robot: ModelRobot,
  hub: ModelHub,
  cut: CutPoint = 'none',
): Promise<ModelSession | undefined> {
  const { key, name, address } = robot;
  const record = hub.fleet.record({ address });
  const hello = await robot.hello();
  const decided = await record.welcome(key, hello);
  robot.refused = 'refused' in decided ? decided.refused : undefined;
  if ('refused' in decided) return undefined;
  const store = () => {
    robot.ratchet = decided.next;
  };
  const confirm = async () => {
    const confirmed = await record.confirm(key, { wentBack });
    robot.refused = 'refused' in confirmed ? confirmed.refused : undefined;
    return robot.refused === undefined;
  };
  if (cut === 'before-store') return interrupted(robot);
  const wentBack = !(await robot.log.continueFrom(HUB, decided.cursor));
  store();
  if (cut === 'before-confirm') return interrupted(robot);
  if (cut === 'connects-again') await connectRobot(robot, hub);
  if (!(await confirm())) return undefined;
  if (cut === 'after-confirm') return interrupted(robot);
  const session = await hub.fleet.connected(name, { hello, address });
  if ('refused' in session) return undefined;
  hub.leases.set(name, session.epoch);
  return newSession(robot, session.epoch);
}

/** The robot's program is killed. */
async function interrupted(robot: ModelRobot): Promise<undefined> {
  await robot.restart();
  return undefined;
}
