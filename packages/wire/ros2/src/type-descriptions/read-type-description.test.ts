import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileCodec } from '../codec/message-codec.ts';
import { bundledInterfaces } from '../definitions/bundled/bundled.ts';
import { testTypeStore } from '../testing/all-types.ts';
import { typeHash } from '../types/hash/rihs01.ts';
import { describe as describeType } from '../types/hash/type-description.ts';
import type { RosMessage } from '../types/message.ts';
import type { MessageType } from '../types/message-type.ts';
import { readTypeDescription } from './read-type-description.ts';

const store = testTypeStore();

async function typeOf(name: string): Promise<MessageType> {
  const known = await store.find(name);
  assert.ok(known, name);
  return known.type;
}

const codec = compileCodec(await typeOf('type_description_interfaces/msg/TypeDescription'));

/** Encodes and decodes a description, as on the wire. */
const sent = (description: object): RosMessage => codec.decode(codec.encode(description as RosMessage));

const field = (name: string, type: object) => ({ name, type });

const described = (fields: readonly object[], referenced: readonly object[] = []) =>
  sent({
    type_description: { type_name: 'a/msg/A', fields },
    referenced_type_descriptions: referenced,
  });

describe('a description of a type', () => {
  it('is converted back to the type, for every bundled type and every kind of field', async () => {
    const names = [
      ...(await bundledInterfaces()),
      ...['Primitives', 'Arrays', 'Nested', 'Empty', 'Defaults'].map((name) => `test_pkg/msg/${name}`),
      'std_srvs/srv/Empty_Request',
      'nav2_msgs/action/NavigateToPose_FeedbackMessage',
    ];
    for (const name of names) {
      const type = await typeOf(name);
      const read = readTypeDescription(sent(describeType(type)));
      assert.equal(read.name, name);
      assert.equal(typeHash(read), typeHash(type), name);
    }
  });

  it('produces the same bytes', async () => {
    const type = await typeOf('test_pkg/msg/Nested');
    const read = compileCodec(readTypeDescription(sent(describeType(type))));
    const message = { short: 'abc', one: { a_int64: 5n }, some: [{ bounded_string: ['x'] }] };
    assert.deepEqual(read.encode(message), compileCodec(type).encode(message));
  });

  it('is refused if a name is invalid, a type is missing or unknown, or one contains itself', () => {
    const refuse = (message: RosMessage, problem: RegExp) =>
      assert.throws(() => readTypeDescription(message), { name: 'InvalidDefinition', message: problem });
    refuse(described([field('__proto__', { type_id: 2 })]), /"__proto__" is not a field name/);
    refuse(described([field('a', { type_id: 12 })]), /field a has type id 12/);
    refuse(described([field('a', { type_id: 1, nested_type_name: 'a/msg/B' })]), /needs a\/msg\/B/);
    refuse(described([field('a', { type_id: 1, nested_type_name: 'a/msg/A' })]), /contains itself/);
    refuse(described([], [{ type_name: 'no type', fields: [] }]), /"no type" is not a type name/);
  });

  it('is refused if a short description would expand to a huge type', () => {
    const levels = Array.from({ length: 12 }, (_, level) => ({
      type_name: `a/msg/L${level}`,
      fields: Array.from({ length: 10 }, (_, index) =>
        level === 11
          ? field(`f${index}`, { type_id: 2 })
          : field(`f${index}`, { type_id: 1, nested_type_name: `a/msg/L${level + 1}` }),
      ),
    }));
    const bomb = described([field('all', { type_id: 1, nested_type_name: 'a/msg/L0' })], levels);
    assert.throws(() => readTypeDescription(bomb), { name: 'InvalidDefinition', message: /more than 10000 fields/ });
    const long = described([field('a', { type_id: 3 + 48, capacity: 2n ** 63n })]);
    assert.throws(() => readTypeDescription(long), { name: 'InvalidDefinition', message: /more than 1000000 values/ });
    const many = described(
      [],
      Array.from({ length: 500 }, (_, index) => ({ type_name: `a/msg/T${index}`, fields: [] })),
    );
    assert.throws(() => readTypeDescription(many), { name: 'InvalidDefinition', message: /more than 500 types/ });
  });
});
