import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rosNode } from '../testing/fake-ros.ts';
import { KnownValues } from './known-values.ts';

it('the last received value is known, until the node leaves or is restarted', () => {
  const known = new KnownValues();
  const driver = rosNode('/driver');
  known.set(driver, 'rate', '1');
  known.set(driver, 'rate', '2');
  assert.equal(known.of(driver, 'rate'), '2');
  const anew = { ...driver, participants: ['another'] };
  assert.equal(known.of(anew, 'rate'), undefined);
  known.set(anew, 'rate', '3');
  known.set(anew, 'frame', '"a"');
  known.set(anew, 'frame', undefined);
  assert.deepEqual([known.of(anew, 'rate'), known.of(anew, 'frame')], ['3', undefined]);
  known.forget('/driver');
  assert.equal(known.of(anew, 'rate'), undefined);
});

it('the node of the oldest value makes room, and its values are marked as incomplete', () => {
  const known = new KnownValues(3);
  const [a, b] = [rosNode('/a'), rosNode('/b')];
  known.set(a, 'one', '1');
  known.set(a, 'two', '1');
  known.set(b, 'one', '1');
  assert.equal(known.isCut(a), false);
  assert.equal(known.of(b, 'one'), '1');
  known.set(b, 'two', '1');
  assert.deepEqual([known.of(a, 'one'), known.isCut(a), known.isCut(b)], [undefined, true, false]);
  assert.deepEqual([known.of(b, 'one'), known.of(b, 'two')], ['1', '1']);
});
