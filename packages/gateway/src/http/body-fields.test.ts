import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataWriteRequest, SovdError } from '@medkit/contract';
import Type from 'typebox';
import { bodyCheck, type FieldProblem } from './body-fields.ts';

const check = bodyCheck(
  Type.Object({
    name: Type.String(),
    count: Type.Integer(),
    mode: Type.Optional(Type.Union([Type.Enum(['a', 'b']), Type.Null()])),
    points: Type.Array(Type.Object({ x: Type.Number() })),
  }),
);

function problemsOf(run: () => void): readonly FieldProblem[] {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SovdError);
    assert.equal(error.status, 400);
    assert.equal(error.message, 'Request body validation failed');
    return error.parameters?.['fields'] as readonly FieldProblem[];
  }
  return [];
}

test('all problems of a body are collected', () => {
  const problems = problemsOf(() => check({ count: 1.5, mode: 'z', points: [{ x: 1 }, { x: 'no' }, {}] }));
  assert.deepEqual(
    new Set(problems.map(({ field, message }) => `${field}: ${message}`)),
    new Set([
      'name: missing required field',
      'count: expected an integer',
      'mode: value not in allowed set',
      'points[1].x: expected a number',
      'points[2].x: missing required field',
    ]),
  );
});

test('a body that is not an object is rejected with that reason', () => {
  assert.deepEqual(
    problemsOf(() => check([1])),
    [{ field: '', message: 'expected a JSON object' }],
  );
});

test('null is the same as absent for an optional member, and unknown members are ignored', () => {
  assert.deepEqual(
    problemsOf(() => check({ name: '', count: 1, mode: null, points: [], more: 1 })),
    [],
  );
});

test('64-bit integers are accepted as any value', () => {
  assert.deepEqual(
    problemsOf(() => bodyCheck(DataWriteRequest)({ type: 'std_msgs/msg/Int64', data: { data: 2n ** 62n } })),
    [],
  );
});

test('the problems reported are bounded', () => {
  const points = Array.from({ length: 1000 }, () => ({}));
  assert.equal(problemsOf(() => check({ name: '', count: 1, points })).length, 20);
});
