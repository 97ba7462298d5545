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

it('a fault manager of the robot hears of conditions by codes of their own, and of a PASSED once all have passed', () => {
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
