import { type RobotSnapshotOptions, type RobotSnapshots, robotSnapshots } from './robot-snapshots.ts';

/** A robot whose fault F1 wants the topic /plc/pressure. */
export async function robotWithPressure(
  options: RobotSnapshotOptions = {},
  value: unknown = { data: 42.5 },
): Promise<RobotSnapshots> {
  const robot = await robotSnapshots({ topics: 'fault_specific: { F1: [/plc/pressure] }', ...options });
  robot.sampler.offer('/plc/pressure', value);
  return robot;
}

/** What was told of faults so far: `<type> <status>`. */
export const told = ({ events }: RobotSnapshots): readonly string[] =>
  events.map(({ type, fault }) => `${type} ${fault.status}`);

/** What was written to the log so far. */
export const texts = ({ notices }: RobotSnapshots): readonly string[] => notices.map(({ text }) => text);

/** A fault fails, and all that follows from it is done. */
export async function failed(robot: RobotSnapshots, code = 'F1'): Promise<void> {
  await robot.fail({ code });
  await robot.settled();
}

/** F1 is cleared and fails again. */
export async function recur(robot: RobotSnapshots): Promise<void> {
  await robot.manager.clear('F1', { cascade: false });
  await failed(robot);
}
