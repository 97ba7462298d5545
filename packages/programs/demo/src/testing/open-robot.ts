import assert from 'node:assert/strict';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { RosMessage } from '@medkit/ros2';
import { openCameraDriver } from '../nodes/camera-driver.ts';
import { openRobotNodes } from '../nodes/robot-nodes.ts';
import { viewOf } from '../nodes/robot-view.ts';
import type { Conditions } from '../robot/conditions.ts';
import { RunningRobot } from '../robot/running-robot.ts';
import { RecordingAdapter } from './recording-adapter.ts';

/** Opens the whole robot on a recorded graph with a manual clock. `gated`: a safety gate controls it. */
export async function openRobot({ seed = 1, gated = false } = {}) {
  const clock = new SimulatedClock();
  const adapter = new RecordingAdapter();
  const robot = new RunningRobot({ clock, gated });
  const onFailure = (where: string, error: unknown) => assert.fail(`${where}: ${error}`);
  const nodes = await openRobotNodes(viewOf(robot, { adapter, clock, random: seededRandom(seed), onFailure }));
  const camera = await openCameraDriver({ adapter, clock, onFailure, scene: () => robot.scene });
  robot.start();
  const run = (sec: number, conditions: Partial<Conditions> = {}) => {
    robot.change(conditions);
    clock.advance(sec * 1000);
  };
  /** Runs in small steps, so that calls between nodes complete. */
  const live = async (sec: number, conditions: Partial<Conditions> = {}) => {
    robot.change(conditions);
    for (let step = 0; step < sec / LIVE_STEP_SEC; step += 1) {
      clock.advance(LIVE_STEP_SEC * 1000);
      await new Promise(setImmediate);
    }
  };
  return { adapter, clock, robot, run, live, nodes: [...nodes, camera] };
}

const LIVE_STEP_SEC = 0.25;

export const last = (messages: readonly RosMessage[]) => messages.at(-1) as Record<string, never>;

export const logLines = (adapter: RecordingAdapter) => adapter.on('/rosout').map(({ name, msg }) => `${name}: ${msg}`);
