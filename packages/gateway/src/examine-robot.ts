import type { HealthStatus } from '@medkit/contract';
import { type Log, openModel, type Runtime } from '@medkit/core';
import { systemClock } from '@medkit/edges/node';
import type { Environment, GatewayConfig } from './config/index.ts';
import { gatewayHealth } from './gateway-health.ts';
import { joinRobot } from './runtimes/join-robot.ts';

export interface ExamineOptions {
  readonly config: GatewayConfig;
  readonly environment: Environment;
  /** Resolves when enough was heard; called once the graph is joined. */
  readonly listen: () => Promise<unknown>;
  readonly log: Log;
  /** What is examined; the ROS 2 graph unless given. */
  readonly runtimes?: readonly Runtime[];
}

/** Joins as a gateway does, serves nothing, and tells what its `/health` would say. Throws where it cannot join. */
export async function examineRobot({
  config,
  environment,
  listen,
  log,
  ...rest
}: ExamineOptions): Promise<HealthStatus> {
  await using opened = new AsyncDisposableStack();
  const runtimes = rest.runtimes ?? [(await joinRobot(config, environment, opened)).runtime];
  const model = await openModel({ runtimes, clock: systemClock, log });
  opened.defer(() => model.close());
  await listen();
  return await gatewayHealth(model, systemClock);
}
