import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FaultReport } from '@medkit/faults';
import { attachedConditions } from './attached-conditions.ts';

const report = (event: FaultReport['event'], code: string, key: string, otherCode?: string): FaultReport => ({
  code,
  event,
  severity: 2,
  description: '',
  source: '/driver',
  condition: { key, ...(otherCode !== undefined && { otherCode }) },
});

it('a fault manager of the robot receives conditions with separate codes, and a PASSED once all have passed', () => {
  const { reportsFor, codeOf } = attachedConditions();
  const sent = (...of: Parameters<typeof report>) =>
    reportsFor(report(...of)).map(({ event, code }) => `${event} ${code}`);
  assert.deepEqual(sent('PASSED', 'MOTOR', 'left', 'MOTOR_1'), ['PASSED MOTOR']);
  assert.deepEqual(sent('FAILED', 'MOTOR', 'left', 'MOTOR_1'), ['FAILED MOTOR']);
  assert.deepEqual(sent('PASSED', 'MOTOR', 'right', 'MOTOR_2'), []);
  assert.deepEqual(sent('FAILED', 'MOTOR', 'right', 'MOTOR_2'), ['FAILED MOTOR_2']);
  assert.equal(codeOf(report('FAILED', 'MOTOR', 'right', 'MOTOR_2')), 'MOTOR_2');
  assert.deepEqual(sent('PASSED', 'MOTOR', 'left', 'MOTOR_1'), ['PASSED MOTOR']);
  assert.deepEqual(sent('FAILED', 'E42', 'a'), ['FAILED E42']);
  assert.deepEqual(sent('FAILED', 'E42', 'b'), ['FAILED E42']);
  assert.deepEqual(sent('PASSED', 'E42', 'a'), []);
  assert.deepEqual(sent('PASSED', '', 'b'), ['PASSED E42']);
  assert.deepEqual(
    reportsFor({ ...report('PASSED', 'X', 'a'), condition: undefined } as unknown as FaultReport).length,
    1,
  );
});

it('codes of other sources are remembered while one source invents as many as it can', () => {
  const { reportsFor, figures } = attachedConditions();
  const motor = { ...report('FAILED', 'MOTOR', 'left'), source: '/motor' };
  reportsFor(motor);
  for (let number = 0; number < 5000; number += 1) reportsFor(report('FAILED', `F${number}`, `k${number}`));
  const { held, owners, largest } = figures();
  assert.deepEqual([held, owners, largest], [4096, 2, 4095]);
  const right = { ...motor, event: 'PASSED' as const, condition: { key: 'right' } };
  assert.deepEqual(reportsFor(right), [], 'a condition that did not raise it does not heal it');
});
