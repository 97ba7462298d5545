import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@medkit/core';
import type { MappedNode } from '../node-map/node-map.ts';
import { writtenValue } from './written-value.ts';

const node = (change: Partial<MappedNode>): MappedNode => ({
  nodeId: 'ns=2;s=Speed',
  entityId: 'pump',
  dataName: 'speed',
  displayName: 'Speed',
  type: 'float',
  writable: true,
  rosTopic: '/plc/pump/speed',
  ...change,
});

describe('a value that a client writes', () => {
  const taken: readonly (readonly [MappedNode['type'], JsonValue, unknown])[] = [
    ['float', 2.5, 2.5],
    ['float', 7n, 7],
    ['int', -3, -3],
    ['int', 2n ** 63n, 2n ** 63n],
    ['bool', true, true],
    ['bool', 0, false],
    ['string', '7', '7'],
  ];
  for (const [type, input, written] of taken) {
    it(`of type ${type} may be ${typeof input} ${input}`, () => {
      assert.equal(writtenValue(node({ type }), input), written);
    });
  }

  const refused: readonly (readonly [MappedNode['type'], JsonValue | undefined])[] = [
    ['float', '2.5'],
    ['float', Number.NaN],
    ['float', null],
    ['float', [1]],
    ['int', 2.5],
    ['int', true],
    ['bool', 2],
    ['bool', 'true'],
    ['string', 7],
    ['string', { value: 'x' }],
    ['float', undefined],
  ];
  for (const [type, input] of refused) {
    it(`of type ${type} is refused if it is ${JSON.stringify(input) ?? 'missing'}`, () => {
      assert.throws(() => writtenValue(node({ type }), input), { code: 'invalid-parameter', status: 400 });
    });
  }

  it('stays within the range of the map, both ends included', () => {
    const ranged = node({ min: 0, max: 100 });
    assert.deepEqual([writtenValue(ranged, 0), writtenValue(ranged, 100)], [0, 100]);
    assert.throws(() => writtenValue(ranged, -0.1), /-0\.1 is out of range: speed takes 0 to 100/);
    assert.throws(() => writtenValue(node({ min: 5 }), 4), /takes 5 or more/);
    assert.throws(() => writtenValue(node({ type: 'int', max: 9 }), 10n), /takes 9 or less/);
  });

  it('is refused if the map makes it read-only', () => {
    assert.throws(() => writtenValue(node({ writable: false }), 1), /read-only/);
  });
});
