import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NORMAL_CONDITIONS } from '../robot/conditions.ts';
import { NoStation, SCENARIOS, type Stage, type Station, scenarioStates } from './scenarios.ts';

const untouched = (): never => assert.fail('it acts on the robot itself');

function stageWith(station: Station | undefined): Stage {
  return {
    conditions: NORMAL_CONDITIONS,
    cameraRuns: true,
    change: untouched,
    killCamera: untouched,
    startCamera: untouched,
    nodeHangs: false,
    hangNode: untouched,
    station,
  };
}

test('without a filling station none of its scenarios exist, and nothing has to be reset', async () => {
  const stage = stageWith(undefined);
  assert.throws(() => SCENARIOS.overpressure.inject(stage), NoStation);
  await SCENARIOS.overpressure.clear(stage);
  assert.ok(Object.values(scenarioStates(stage)).every((isOn) => !isOn));
});

test('a scenario blocks the filling station and opens it again, and its PLC simulates the rest', async () => {
  const said: boolean[] = [];
  const station: Station = {
    get isBlocked() {
      return said.at(-1) ?? false;
    },
    block: async (isBlocked) => void said.push(isBlocked),
  };
  const stage = stageWith(station);
  await SCENARIOS.overpressure.inject(stage);
  assert.equal(scenarioStates(stage).overpressure, true);
  await SCENARIOS.overpressure.clear(stage);
  assert.equal(scenarioStates(stage).overpressure, false);
});
