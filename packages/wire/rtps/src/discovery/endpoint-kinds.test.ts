import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_QOS } from '../qos/defaults.ts';
import { EndpointKinds } from './endpoint-kinds.ts';

/** The capacity of the type cache. */
const MAX_TYPES = 2048;

/** The announcement of an endpoint, newly allocated as by its decoder. */
const announced = ({ typeName = 'String', hash = 1, depth = 1, partitions = [] as string[] } = {}) => ({
  typeName,
  userData: Uint8Array.of(hash, 2),
  qos: { ...DEFAULT_QOS.writer, history: { kind: 'keep-last', depth } as const, partitions },
});

describe('kinds of endpoints', () => {
  it('share the objects of the first announcement for equal values', () => {
    const kinds = new EndpointKinds();
    const first = kinds.common(announced());
    const second = kinds.common(announced());
    assert.equal(second.qos, first.qos);
    assert.equal(second.userData, first.userData);
    assert.equal(kinds.common(announced({ typeName: 'Float64' })).qos, first.qos);
  });

  it('leave each endpoint its different values', () => {
    const kinds = new EndpointKinds();
    kinds.common(announced());
    const others = [
      announced({ hash: 7 }),
      announced({ depth: 5 }),
      announced({ partitions: ['left'] }),
      { ...announced(), qos: { ...announced().qos, history: { kind: 'keep-all' } as const } },
      { ...announced(), qos: { ...announced().qos, deadlineMs: 100 } },
      { ...announced(), qos: { ...announced().qos, liveliness: { kind: 'manual-by-topic', leaseMs: 1 } as const } },
      { ...announced(), qos: { ...announced().qos, dataRepresentation: ['xcdr2'] as const } },
    ];
    for (const other of others) assert.deepEqual(kinds.common(other), other);
  });

  it('remember a bounded number of types, and none with more than a few hundred bytes', () => {
    const kinds = new EndpointKinds();
    const long = 'x'.repeat(1000);
    const first = kinds.common(announced({ typeName: long }));
    assert.notEqual(kinds.common(announced({ typeName: long })).userData, first.userData);
    for (let type = 0; type < MAX_TYPES; type++) kinds.common(announced({ typeName: `Type${type}` }));
    const late = kinds.common(announced());
    assert.notEqual(kinds.common(announced()).userData, late.userData);
    assert.deepEqual(kinds.common(announced()), announced());
  });
});
