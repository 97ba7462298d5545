import type { Runtime } from '@medkit/core';
import type { Environment, GatewayConfig } from '../config/index.ts';

/** Joins the robot until `opened` is disposed of. The DDS side is loaded only by those who use it. */
export async function joinRobot(
  config: GatewayConfig,
  environment: Environment,
  opened: AsyncDisposableStack,
): Promise<Runtime> {
  const { openRobot } = await import('./robot.ts');
  const robot = await openRobot(config, environment);
  opened.defer(() => robot.close());
  return robot.runtime;
}
