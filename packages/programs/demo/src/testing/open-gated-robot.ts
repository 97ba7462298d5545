import assert from 'node:assert/strict';
import { GATE_SETTINGS } from '../gate/gate-settings.ts';
import { type GateCycle, openSafetyGate } from '../gate/safety-gate.ts';
import { openRobot } from './open-robot.ts';
import { stoppableProcess } from './stoppable-process.ts';

/** Opens the whole robot with its safety gate on a recorded graph. `report` also gets every gate cycle. */
export async function openGatedRobot(report?: (cycle: GateCycle) => void) {
  const robot = await openRobot({ gated: true });
  const process = stoppableProcess(robot);
  const cycles: GateCycle[] = [];
  const gate = await openSafetyGate({
    adapter: process.adapter,
    clock: process.clock,
    settings: GATE_SETTINGS,
    periodMs: 10,
    onCycle: (cycle) => {
      cycles.push(cycle);
      report?.(cycle);
    },
    onFailure: (where, error) => assert.fail(`${where}: ${error}`),
  });
  return { ...robot, gate, process, cycles, decision: () => cycles.at(-1)?.decision ?? assert.fail('no cycle yet') };
}
