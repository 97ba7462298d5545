import { type RobotSnapshotOptions, type RobotSnapshots, robotSnapshots } from './robot-snapshots.ts';

/** A robot whose fault F1 captures the topic /plc/pressure. */
export async function robotWithPressure(
  options: RobotSnapshotOptions = {},
  value: unknown = { data: 42.5 },
): Promise<RobotSnapshots> {
  const robot = await robotSnapshots({ topics: 'fault_specific: { F1: [/plc/pressure] }', ...options });
  robot.sampler.offer('/plc/pressure', value);
  return robot;
}

/** Returns the fault events so far: `<type> <status>`. */
export const eventTexts = ({ events }: RobotSnapshots): readonly string[] =>
  events.map(({ type, fault }) => `${type} ${fault.status}`);

/** Returns the log texts so far. */
export const texts = ({ notices }: RobotSnapshots): readonly string[] => notices.map(({ text }) => text);

/** Reports a fault as failed, and waits for all effects. */
export async function failed(robot: RobotSnapshots, code = 'F1'): Promise<void> {
  await robot.fail({ code });
  await robot.settled();
}

/** Clears F1, and lets it fail again. */
export async function recur(robot: RobotSnapshots): Promise<void> {
  await robot.manager.clear('F1', { cascade: false });
  await failed(robot);
}
