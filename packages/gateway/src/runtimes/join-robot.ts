import type { Environment, GatewayConfig } from '../config/index.ts';
import type { Robot, RobotParts } from './robot.ts';

/** Joins the robot until `opened` is disposed of; serves its faults if `parts` configure that. Loads the DDS side. */
export async function joinRobot(
  config: GatewayConfig,
  environment: Environment,
  opened: AsyncDisposableStack,
  parts: RobotParts = {},
): Promise<Pick<Robot, 'runtime' | 'ros'>> {
  const { openRobot } = await import('./robot.ts');
  const robot = await openRobot(config, environment, parts);
  opened.defer(() => robot.close());
  return robot;
}
