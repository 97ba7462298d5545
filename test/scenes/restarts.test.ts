import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sandbox } from './medkit-process.ts';
import { RestartScene, STANDING } from './restart-scene.ts';

test('active faults heal when their cause is removed, whichever program was restarted meanwhile', {
  timeout: 900_000,
}, async () => {
  const sandbox = new Sandbox();
  await using scene = new RestartScene(sandbox, await sandbox.domain());
  await scene.startGateway();
  await scene.startRobot();

  await scene.obstacle('inject');
  await scene.untilConfirmed();
  await scene.endRobot('SIGTERM');
  await scene.startRobot();
  await scene.untilHealed();

  await scene.obstacle('inject');
  await scene.untilConfirmed();
  await scene.endGateway('in order');
  await scene.obstacle('clear');
  await scene.startGateway();
  await scene.untilHealed();

  await scene.obstacle('inject');
  await scene.untilConfirmed();
  await Promise.all([scene.endGateway('killed'), scene.endRobot('SIGKILL')]);
  await Promise.all([scene.startGateway(), scene.startRobot()]);
  assert.ok(
    (await scene.standing()).some((code) => STANDING.includes(code)),
    'they are on disk',
  );
  await scene.untilHealed();
});
