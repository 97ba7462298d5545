import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReportedCondition } from '@medkit/core';
import { type RobotFaults, robotFaults } from '../testing/robot-faults.ts';

const HEALS_AT_ONCE = { healing_enabled: true, healing_threshold: 0 };

async function robotWithConditions(earlier: Pick<RobotFaults, 'store' | 'clock'> | undefined = undefined) {
  const robot = await robotFaults({
    configuration: HEALS_AT_ONCE,
    ...(earlier && { store: earlier.store, clock: earlier.clock }),
  });
  const { store, clock } = robot;
  const report = async (
    event: 'FAILED' | 'PASSED',
    code: string,
    condition?: ReportedCondition,
    source = '/diagnostics',
  ) => robot.manager.report({ code, event, severity: 2, description: '', source, ...(condition && { condition }) });
  /** The faults that are not over. */
  const standing = () =>
    robot.manager
      .list({ statuses: ['CONFIRMED'] })
      .faults.map(({ code }) => code)
      .sort();
  const restart = async () => (await robotFaults({ configuration: HEALS_AT_ONCE, store, clock })).manager;
  return { ...robot, report, standing, restart };
}

const LEFT = { key: 'left', otherCode: 'MOTOR_1' };
const RIGHT = { key: 'right', otherCode: 'MOTOR_2' };

describe('conditions whose names result in one code', () => {
  it('have separate faults, which the other one does not heal', async () => {
    const { report, standing } = await robotWithConditions();
    await report('FAILED', 'MOTOR', LEFT);
    await report('PASSED', 'MOTOR', RIGHT);
    assert.deepEqual(standing(), ['MOTOR']);
    await report('FAILED', 'MOTOR', RIGHT);
    assert.deepEqual(standing(), ['MOTOR', 'MOTOR_2']);
    await report('PASSED', 'MOTOR', LEFT);
    assert.deepEqual(standing(), ['MOTOR_2']);
    await report('FAILED', 'MOTOR', RIGHT);
    await report('PASSED', 'MOTOR', RIGHT);
    assert.deepEqual(standing(), []);
  });

  it('are recognised after a restart, and after their faults were cleared', async () => {
    const { report, standing, manager, restart } = await robotWithConditions();
    await report('FAILED', 'MOTOR', LEFT);
    await manager.clear('MOTOR', { cascade: false });
    await report('FAILED', 'MOTOR', RIGHT);
    assert.deepEqual(standing(), ['MOTOR_2']);
    const again = await restart();
    const pass = (condition: ReportedCondition) =>
      again.report({ code: 'MOTOR', event: 'PASSED', severity: 0, description: '', source: '/x', condition });
    await pass(LEFT);
    assert.equal(again.get('MOTOR_2')?.status, 'CONFIRMED');
    await pass(RIGHT);
    assert.equal(again.get('MOTOR_2')?.status, 'HEALED');
  });

  it('adopt a fault that an earlier release stored for their source, and no other one', async () => {
    const earlier = await robotWithConditions();
    await earlier.report('FAILED', 'OLD', undefined, '/bridge');
    await earlier.report('FAILED', 'FOREIGN', undefined, '/node');
    await earlier.store.write([{ sql: 'UPDATE faults SET source_results = NULL', parameters: [] }]);
    const { report, standing } = await robotWithConditions(earlier);
    const condition = { key: 'c', formerSources: ['/bridge'] };
    await report('PASSED', 'OLD', { ...condition, otherCode: 'OLD_1' });
    await report('PASSED', 'FOREIGN', { ...condition, otherCode: 'FOREIGN_1' });
    assert.deepEqual(standing(), ['FOREIGN']);
    await report('FAILED', 'FOREIGN', { ...condition, otherCode: 'FOREIGN_1' });
    assert.deepEqual(standing(), ['FOREIGN', 'FOREIGN_1']);
  });
});

describe('conditions that share a code on purpose', () => {
  it('heal it once all conditions that raised it have passed', async () => {
    const { report, standing } = await robotWithConditions();
    await report('FAILED', 'E42', { key: 'a' });
    await report('FAILED', 'E42', { key: 'b' });
    await report('PASSED', 'E42', { key: 'a' });
    await report('PASSED', 'E42', { key: 'c' });
    assert.deepEqual(standing(), ['E42']);
    await report('PASSED', 'E42', { key: 'b' });
    assert.deepEqual(standing(), []);
  });

  it('heal all faults that they raised with a PASSED without a code, and one fault with its code', async () => {
    const { report, standing } = await robotWithConditions();
    for (const code of ['E1', 'E2', 'E3']) await report('FAILED', code, { key: 'a' });
    await report('FAILED', 'E4', { key: 'b' });
    await report('PASSED', 'E1', { key: 'a' });
    assert.deepEqual(standing(), ['E2', 'E3', 'E4']);
    await report('PASSED', '', { key: 'a' });
    assert.deepEqual(standing(), ['E4']);
    await report('PASSED', 'NAME', { key: 'b', otherCode: 'NAME_1' });
    assert.deepEqual(standing(), []);
  });

  it('are listed up to a limit, and those beyond it heal nothing', async () => {
    const { report, standing, manager } = await robotWithConditions();
    for (let n = 0; n < 200; n++) await report('FAILED', 'E42', { key: `k${n}` });
    assert.equal(manager.get('E42')?.conditions?.length, 128);
    for (let n = 128; n < 200; n++) await report('PASSED', 'E42', { key: `k${n}` });
    assert.deepEqual(standing(), ['E42']);
    assert.equal((await report('FAILED', 'E42', { key: 'x'.repeat(1025) })).accepted, false);
  });
});

describe('a PASSED report', () => {
  it('does not heal a fault that its source never reported as failed, and is accepted', async () => {
    const { report, standing } = await robotWithConditions();
    await report('FAILED', 'HOT', undefined, '/a');
    const answer = await report('PASSED', 'HOT', undefined, '/b');
    assert.deepEqual(
      [answer.accepted, 'ignored' in answer && answer.ignored],
      [true, '/b never reported it as failed'],
    );
    assert.deepEqual(standing(), ['HOT']);
    await report('PASSED', 'HOT', undefined, '/a');
    assert.deepEqual(standing(), []);
  });
});
