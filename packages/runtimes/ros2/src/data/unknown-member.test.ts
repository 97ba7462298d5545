import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '@medkit/core';
import { unknownMember } from './unknown-member.ts';

const POINT = { type: 'object', properties: { x: { type: 'number' }, y: { type: 'number' } } };
const SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    center: POINT,
    path: { type: 'array', items: POINT },
    ranges: { type: 'array', items: { type: 'number' } },
    nothing: { type: 'object', properties: {} },
  },
};

test('the first unknown member of a type is named by its path', () => {
  const cases: readonly (readonly [JsonValue, string | undefined])[] = [
    [{}, undefined],
    [{ name: 'a', center: { x: 1 }, path: [{}, { y: 2 }], ranges: [1, 2], nothing: {} }, undefined],
    [{ nam: 'a' }, 'nam'],
    [{ center: { x: 1, z: 2 } }, 'center.z'],
    [{ path: [{ x: 1 }, { w: 2 }] }, 'path[1].w'],
    [{ nothing: { structure_needs_at_least_one_member: 0 } }, 'nothing.structure_needs_at_least_one_member'],
    [{ toString: 1 }, 'toString'],
  ];
  for (const [value, expected] of cases) {
    assert.equal(unknownMember(SCHEMA, value)?.path, expected, JSON.stringify(value));
  }
});

test('the error lists the known members at that place', () => {
  assert.deepEqual(unknownMember(SCHEMA, { center: { z: 1 } }), { path: 'center.z', name: 'z', known: ['x', 'y'] });
});

test('a value of the wrong kind is left to the encoder', () => {
  for (const value of [7, null, 'text', [1], { center: 7, path: { x: 1 }, ranges: [{ x: 1 }], name: {} }]) {
    assert.equal(unknownMember(SCHEMA, value), undefined);
  }
});
