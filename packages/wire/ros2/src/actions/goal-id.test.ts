import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { formatGoalId, parseGoalId, randomGoalId } from './goal-id.ts';

test('an id is a UUID in lower case, its bytes in the order in which it is read', () => {
  const uuid = Uint8Array.of(
    0x12,
    0x3e,
    0x45,
    0x67,
    0xe8,
    0x9b,
    0x42,
    0xd3,
    0xa4,
    0x56,
    0x42,
    0x66,
    0x14,
    0x17,
    0x40,
    0x00,
  );
  assert.equal(formatGoalId(uuid), '123e4567-e89b-42d3-a456-426614174000');
  assert.deepEqual(parseGoalId('123e4567-e89b-42d3-a456-426614174000'), uuid);
});

test('only its bytes count if the array is part of a larger one', () => {
  const large = Uint8Array.from({ length: 64 }, (_, index) => index);
  assert.equal(formatGoalId(large.subarray(16, 32)), '10111213-1415-1617-1819-1a1b1c1d1e1f');
  assert.equal(parseGoalId('10111213-1415-1617-1819-1a1b1c1d1e1f').buffer.byteLength, 16);
});

test('random ids are of version 4, differ, and survive the conversion to bytes and back', () => {
  const random = seededRandom(7);
  const ids = Array.from({ length: 1000 }, () => randomGoalId(random));
  for (const id of ids) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(formatGoalId(parseGoalId(id)), id);
  }
  assert.equal(new Set(ids).size, ids.length);
});

test('anything but a UUID in lower case is refused', () => {
  const refused = [
    '',
    'goal-1',
    '123E4567-E89B-42D3-A456-426614174000',
    '123e4567e89b42d3a456426614174000',
    '123e4567-e89b-42d3-a456-4266141740001',
    '123e4567-e89b-42d3-a456-42661417400g',
  ];
  for (const text of refused) assert.throws(() => parseGoalId(text), { name: 'InvalidMessage', message: /^goal_id: / });
});
