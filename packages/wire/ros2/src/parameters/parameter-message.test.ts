import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { compileCodec } from '../codec/message-codec.ts';
import { MalformedMessage } from '../errors.ts';
import { randomParameterValue } from '../testing/random-parameter-value.ts';
import { bundledSource } from '../types/type-source.ts';
import { TypeStore } from '../types/type-store.ts';
import type { ParameterDescriptor } from './parameter.ts';
import {
  decodeParameterDescriptor,
  decodeParameterValue,
  encodeParameterDescriptor,
  encodeParameterValue,
} from './parameter-message.ts';

const store = new TypeStore({ sources: [bundledSource] });

async function codecOf(name: string) {
  const known = await store.find(`rcl_interfaces/msg/${name}`);
  assert.ok(known);
  return compileCodec(known.type);
}

describe('a parameter on the wire', () => {
  it('arrives as the same value of the same type', async () => {
    const codec = await codecOf('ParameterValue');
    const random = seededRandom(11);
    for (let round = 0; round < 2000; round += 1) {
      const value = randomParameterValue(random);
      assert.deepEqual(decodeParameterValue(codec.decode(codec.encode(encodeParameterValue(value)))), value);
    }
  });

  it('does not retain the datagram in which it arrived', async () => {
    const codec = await codecOf('ParameterValue');
    const datagram = codec.encode(encodeParameterValue({ type: 'byte_array', value: Uint8Array.of(1, 2) }));
    const decoded = decodeParameterValue(codec.decode(datagram));
    datagram.fill(0xff);
    assert.deepEqual(decoded, { type: 'byte_array', value: Uint8Array.of(1, 2) });
  });

  it('of a type that ROS does not have is malformed', async () => {
    const codec = await codecOf('ParameterValue');
    assert.throws(() => decodeParameterValue(codec.decode(codec.encode({ type: 10 }))), MalformedMessage);
  });

  it('is described with its ranges, 64 bits exact', async () => {
    const codec = await codecOf('ParameterDescriptor');
    const plain: ParameterDescriptor = {
      name: 'a',
      type: 'int',
      description: 'What it is',
      additionalConstraints: 'even',
      readOnly: true,
      dynamicTyping: false,
    };
    const ranged: ParameterDescriptor = {
      ...plain,
      integerRange: { from: -(2n ** 63n), to: 2n ** 63n - 1n, step: 2n ** 63n + 1n },
      floatRange: { from: -0.5, to: 0.5, step: 0.1 },
    };
    for (const descriptor of [plain, ranged]) {
      const message = codec.decode(codec.encode(encodeParameterDescriptor(descriptor)));
      assert.deepEqual(decodeParameterDescriptor(message), descriptor);
    }
  });
});
