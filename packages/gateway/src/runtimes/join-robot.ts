import type { Runtime } from '@medkit/core';
import type { FaultOptions } from '@medkit/runtime-ros2';
import type { Environment, GatewayConfig } from '../config/index.ts';

/** Joins the robot until `opened` is disposed of; its faults are served where `faults` says how. The DDS side is loaded only by those who use it. */
export async function joinRobot(
  config: GatewayConfig,
  environment: Environment,
  opened: AsyncDisposableStack,
  faults?: FaultOptions,
): Promise<Runtime> {
  const { openRobot } = await import('./robot.ts');
  const robot = await openRobot(config, environment, faults);
  opened.defer(() => robot.close());
  return robot.runtime;
}
