import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

/** The demo starts and navigation gives up, on a busy machine. */
const STORY_MS = 180_000;
const CAUSE = 'TANK_OVERPRESSURE';
const EFFECTS = ['ACTION_NAVIGATE_TO_POSE_ABORTED', 'NAVIGATION_GOAL_ABORTED'];

test('a PLC alarm and the robot stop that it caused are one incident, until the alarm is acknowledged and confirmed', {
  timeout: STORY_MS,
}, async () => {
  await using scene = await DemoScene.open(['--plc']);
  assert.match(scene.medkit.output, /Filling station +opc\.tcp:\/\/127\.0\.0\.1:\d+ /);
  await scene.untilDriving();
  const codes = async (): Promise<readonly string[]> =>
    (await scene.get('/faults')).body.items.map(({ fault_code: code }: { fault_code: string }) => code);
  await eventually('the PLC is connected', async () => (await scene.get('/apps/tank/data/level')).status === 200);
  const { items: hosts } = (await scene.get('/functions/filling/hosts')).body;
  assert.deepEqual(hosts.map(({ id }: { id: string }) => id).sort(), ['bt_navigator', 'pump', 'tank']);

  assert.equal((await scene.command('inject', 'overpressure')).code, 0);
  await eventually('the alarm and what came of it are told', async () => {
    const reported = await codes();
    return [CAUSE, ...EFFECTS].every((code) => reported.includes(code));
  });
  await eventually('they are one incident', async () => {
    const { items } = (await scene.get('/x-medkit-incidents')).body;
    const found = items.find(({ root }: { readonly root: string }) => root === CAUSE);
    if (found === undefined) return false;
    const { faults } = (await scene.get(`/x-medkit-incidents/${found.id}`)).body;
    const together = faults.map(({ fault_code: code }: { readonly fault_code: string }) => code);
    return EFFECTS.every((code) => together.includes(code));
  });

  assert.match((await scene.command('clear', 'overpressure')).output, /No failure scenario is active/);
  // The alarm stays until a person acknowledges it.
  await eventually('the robot drives on', async () => (await codes()).join() === CAUSE);
  for (const operation of ['acknowledge_fault', 'confirm_fault']) {
    const execution = await fetch(`${scene.url}/api/v1/apps/tank/operations/${operation}/executions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ parameters: { fault_code: CAUSE, comment: 'seen' } }),
    });
    assert.ok(execution.ok, `${operation}: ${execution.status} ${await execution.text()}`);
  }
  await eventually('no fault is left', async () => (await codes()).length === 0);
});
