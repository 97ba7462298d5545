import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { ParameterValue } from '@medkit/ros2';
import { GatewayWrites } from './gateway-writes.ts';

const double = (value: number): ParameterValue => ({ type: 'double', value });
const rate = { name: 'rate', value: double(2) };

it('a value that was set here is recognised once, before the answer or after it', () => {
  const writes = new GatewayWrites(new SimulatedClock());
  const answered = writes.begin('/driver', [rate, { name: 'gain', value: double(1) }]);
  assert.equal(writes.take('/driver', 'rate', double(2)), true);
  assert.equal(writes.take('/driver', 'rate', double(2)), false);
  const results = [
    { successful: true, reason: '' },
    { successful: true, reason: '' },
  ];
  assert.deepEqual(
    answered(results).map(({ name }) => name),
    ['gain'],
    'of the other the node has told already',
  );
  assert.equal(writes.take('/driver', 'gain', double(1)), true);
});

it('another node, parameter, value or type is a change by another client', () => {
  const writes = new GatewayWrites(new SimulatedClock());
  writes.begin('/driver', [rate]);
  assert.equal(writes.take('/other', 'rate', double(2)), false);
  assert.equal(writes.take('/driver', 'gain', double(2)), false);
  assert.equal(writes.take('/driver', 'rate', double(3)), false);
  assert.equal(writes.take('/driver', 'rate', { type: 'int', value: 2n }), false);
  assert.equal(writes.take('/driver', 'rate', double(2)), true);
});

it('a refused value is not waited for, an answered one for a moment, and an unanswered one for a while', () => {
  const clock = new SimulatedClock();
  const writes = new GatewayWrites(clock);
  writes.begin('/driver', [rate])([{ successful: false, reason: 'no' }]);
  assert.equal(writes.take('/driver', 'rate', double(2)), false);
  writes.begin('/driver', [rate])([{ successful: true, reason: '' }]);
  clock.advance(2000);
  assert.equal(writes.take('/driver', 'rate', double(2)), false);
  writes.begin('/driver', [rate]);
  clock.advance(29_999);
  assert.equal(writes.take('/driver', 'rate', double(2)), true);
  writes.begin('/driver', [rate]);
  clock.advance(30_000);
  assert.equal(writes.take('/driver', 'rate', double(2)), false);
});
