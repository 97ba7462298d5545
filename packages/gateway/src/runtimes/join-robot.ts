import type { Environment, GatewayConfig } from '../config/index.ts';
import type { Robot, RobotParts } from './robot.ts';

/** Joins the robot until `opened` is disposed of; its faults are served where `parts` say how. The DDS side is loaded only by those who use it. */
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
