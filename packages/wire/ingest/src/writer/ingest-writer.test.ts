import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import type { FaultResult } from '../message/fault-result.ts';
import { SAFETY_GATE } from '../testing/safety-gate.ts';
import { TEST_VECTOR } from '../testing/test-vector.ts';
import { ingestWriter } from './ingest-writer.ts';

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
const ports = TEST_VECTOR.ports;

describe('the writer of a session', () => {
  it('writes the bytes of the test vector', () => {
    const { declarationHeader, json, declarationMac, state } = TEST_VECTOR;
    const writer = ingestWriter(TEST_VECTOR);
    const declared = hex(writer.declaration(TEST_VECTOR.declarationTimeUs));
    assert.equal(declared, `${declarationHeader}${hex(Buffer.from(json))}${declarationMac}`);
    assert.equal(hex(writer.state(TEST_VECTOR.stateTimeUs, ports, TEST_VECTOR.results)), state.join(''));
  });

  it('ends each message with the first half of its HMAC-SHA256, whatever the length of the key', () => {
    for (const key of [new Uint8Array(0), Buffer.from('Jefe'), Buffer.alloc(64, 0xaa), Buffer.alloc(131, 0xaa)]) {
      const writer = ingestWriter({ session: 1n, key, declaration: SAFETY_GATE });
      for (const message of [writer.declaration(1n).slice(), writer.state(2n, ports, ['passed'])]) {
        const right = createHmac('sha256', key).update(message.subarray(0, -16)).digest('hex').slice(0, 32);
        assert.equal(hex(message.subarray(-16)), right);
      }
    }
  });

  it('ends messages with zeros if there is no key', () => {
    const writer = ingestWriter({ session: 1n, key: undefined, declaration: SAFETY_GATE });
    assert.equal(hex(writer.state(1n, ports, ['failed']).subarray(-16)), '0'.repeat(32));
  });

  it('counts the transitions of a result to failed, and not the states in which it stays so', () => {
    const writer = ingestWriter({ session: 1n, key: undefined, declaration: SAFETY_GATE });
    const states = (['failed', 'failed', 'passed', 'failed', 'untested', 'failed'] as const).map((result) => {
      const message = Buffer.from(writer.state(1n, ports, [result]));
      return [message.readUInt8(64), message.readUInt32LE(68)];
    });
    assert.deepEqual(states, [
      [2, 1],
      [2, 1],
      [1, 1],
      [2, 2],
      [0, 2],
      [2, 3],
    ]);
  });

  it('writes each port in its type, to the last of 64 bits', () => {
    const [app] = SAFETY_GATE.apps;
    const types = [
      { id: 'long', type: 'int64' },
      { id: 'whole', type: 'int64' },
      { id: 'on', type: 'bool' },
    ] as const;
    const declaration = { ...SAFETY_GATE, apps: [{ ...app!, ports: types, faults: [] }] };
    const writer = ingestWriter({ session: 1n, key: undefined, declaration });
    const message = Buffer.from(writer.state(1n, [-(2n ** 63n), 7, true], []));
    assert.deepEqual(
      [40, 48, 56].map((at) => message.readBigInt64LE(at)),
      [-(2n ** 63n), 7n, 1n],
    );
    assert.throws(() => writer.state(2n, [0.5, 0, false], []), RangeError);
  });

  it('accepts no state whose length differs from the declaration, and no declaration that a receiver would refuse', () => {
    const writer = ingestWriter({ session: 1n, key: undefined, declaration: SAFETY_GATE });
    assert.throws(() => writer.state(1n, [1, 2], ['passed']), /expected 3 ports and 1 faults, found 2 and 1/);
    assert.throws(() => writer.state(1n, ports, [] as FaultResult[]), /found 3 and 0/);
    const nameless = { ...SAFETY_GATE, runtime: '' };
    assert.throws(
      () => ingestWriter({ session: 1n, key: undefined, declaration: nameless }),
      /^RangeError: runtime is empty/,
    );
    const places = Array.from({ length: 64 }, (_, index) => ({
      id: `c${index}`,
      name: 'ü'.repeat(256),
      description: 'ü'.repeat(256),
    }));
    const long = { ...SAFETY_GATE, components: [...SAFETY_GATE.components, ...places.slice(1)] };
    assert.throws(() => ingestWriter({ session: 1n, key: undefined, declaration: long }), /octets: at most 60000/);
  });
});
