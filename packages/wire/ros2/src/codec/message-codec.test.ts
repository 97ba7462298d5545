import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { InvalidMessage, MalformedMessage } from '../errors.ts';
import { testTypeStore } from '../testing/all-types.ts';
import { randomMessage } from '../testing/random-message.ts';
import { compileCodec, type MessageCodec } from './message-codec.ts';

const store = testTypeStore();

async function codecOf(type: string): Promise<MessageCodec> {
  const known = await store.find(type);
  assert.ok(known, type);
  return compileCodec(known.type);
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (...octets: number[]) => Uint8Array.from(octets);

describe('the codec', () => {
  for (const type of ['Primitives', 'Arrays', 'Nested', 'Defaults', 'Empty']) {
    for (const littleEndian of [true, false]) {
      it(`returns any ${type} exactly, ${littleEndian ? 'little' : 'big'} endian`, async () => {
        const codec = await codecOf(`test_pkg/msg/${type}`);
        const random = seededRandom(littleEndian ? 5 : 6);
        for (let round = 0; round < 300; round += 1) {
          const message = randomMessage(codec.type, random);
          const cdr = codec.encode(message, { littleEndian });
          assert.deepEqual(codec.decode(cdr), message);
          assert.equal(hex(codec.encode(codec.decode(cdr), { littleEndian })), hex(cdr));
        }
      });
    }
  }

  it('returns any message exactly through its JSON', async () => {
    const codec = await codecOf('test_pkg/msg/Nested');
    const random = seededRandom(9);
    for (let round = 0; round < 300; round += 1) {
      const cdr = codec.encode(randomMessage(codec.type, random));
      assert.equal(hex(codec.encode(codec.toJson(codec.decode(cdr)))), hex(cdr));
    }
  });

  it('lays a message out as XCDR1 does', async () => {
    const codec = await codecOf('std_msgs/msg/Header');
    const cdr = bytes(
      ...[0, 1, 0, 0], // CDR_LE
      ...[1, 0, 0, 0], // stamp.sec
      ...[0xff, 0xc9, 0x9a, 0x3b], // stamp.nanosec
      ...[4, 0, 0, 0, 0x6d, 0x61, 0x70, 0], // frame_id "map"
    );
    const message = { stamp: { sec: 1, nanosec: 999_999_999 }, frame_id: 'map' };
    assert.equal(hex(codec.encode(message)), hex(cdr));
    assert.deepEqual(codec.decode(cdr), message);
  });

  it('reads plain XCDR2, where 64-bit values are aligned to 4', async () => {
    const codec = await codecOf('example_interfaces/srv/AddTwoInts_Request');
    const prefixed = await codecOf('rcl_interfaces/msg/IntegerRange');
    const cdr = bytes(0, 7, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    assert.deepEqual(codec.decode(cdr), { a: 1n, b: -1n });
    assert.throws(() => prefixed.decode(cdr), MalformedMessage);
  });

  it('puts one octet on the wire for an empty message', async () => {
    const codec = await codecOf('std_srvs/srv/Trigger_Request');
    assert.equal(hex(codec.encode({})), '0001000000');
    assert.deepEqual(codec.decode(bytes(0, 1, 0, 0, 0)), {});
    assert.deepEqual(codec.decode(bytes(0, 1, 0, 0, 0, 0, 0, 0)), {});
  });

  it('fills in defaults for omitted fields, null and undefined included', async () => {
    const codec = await codecOf('test_pkg/msg/Defaults');
    const message = codec.decode(codec.encode({ small: 1, list: null, rotation: null }));
    assert.deepEqual(message, {
      flag: true,
      small: 1,
      big: 18446744073709551615n,
      third: Math.fround(0.333),
      text: 'a # b, "c"',
      other: 'single',
      bare: 'word',
      list: new Int32Array(0),
      pair: Float64Array.of(1000, 0.5),
      names: ['a, b', 'c'],
      rotation: { x: 0, y: 0, z: 0, w: 1 },
    });
  });

  for (const [type, message, problem] of [
    ['sensor_msgs/msg/LaserScan', { ranges: [1, 2, 3, 'x'] }, 'ranges[3]: expected a number, found "x"'],
    [
      'sensor_msgs/msg/LaserScan',
      { header: { stamp: { sec: 2 ** 31 } } },
      'header.stamp.sec: expected an integer from -2147483648 to 2147483647, found 2147483648',
    ],
    ['sensor_msgs/msg/LaserScan', { header: 3 }, 'header: expected an object, found 3'],
    ['sensor_msgs/msg/LaserScan', { header: [] }, 'header: expected an object, found an array'],
    ['sensor_msgs/msg/LaserScan', { range_max: 1e39 }, 'range_max: expected a float32, found 1e+39'],
    ['sensor_msgs/msg/LaserScan', { ranges: {} }, 'ranges: expected an array, found an object'],
    ['sensor_msgs/msg/Imu', { orientation_covariance: [1, 2] }, 'orientation_covariance: expected 9 elements, found 2'],
    ['sensor_msgs/msg/Imu', { orientation_covariance: null }, 'orientation_covariance: expected an array, found null'],
    ['std_msgs/msg/UInt8', { data: 256 }, 'data: expected an integer from 0 to 255, found 256'],
    ['std_msgs/msg/UInt8', { data: -1 }, 'data: expected an integer from 0 to 255, found -1'],
    ['std_msgs/msg/UInt8', { data: 3.7 }, 'data: expected an integer from 0 to 255, found 3.7'],
    ['std_msgs/msg/UInt8', { data: '12' }, 'data: expected an integer from 0 to 255, found "12"'],
    ['std_msgs/msg/UInt64', { data: -1 }, 'data: expected an exact integer from 0 to 18446744073709551615, found -1'],
    [
      'std_msgs/msg/Int64',
      { data: 2 ** 53 },
      'data: expected an exact integer from -9223372036854775808 to 9223372036854775807, found 9007199254740992',
    ],
    ['std_msgs/msg/Bool', { data: 1 }, 'data: expected true or false, found 1'],
    ['std_msgs/msg/String', { data: null }, 'data: expected a string, found null'],
    ['std_msgs/msg/String', { data: '\ud800' }, 'data: expected text without lone surrogates, found "\\ud800"'],
    ['test_pkg/msg/Nested', { short: 'größe' }, 'short: expected at most 5 octets, found 7'],
    ['test_pkg/msg/Nested', { shorts: ['abc', 'abcd'] }, 'shorts[1]: expected at most 3 characters, found 4'],
    ['test_pkg/msg/Nested', { shorts: ['', '', ''] }, 'shorts: expected at most 2 elements, found 3'],
    ['test_pkg/msg/Nested', { two: [{}, { a_bool: 'yes' }] }, 'two[1].a_bool: expected true or false, found "yes"'],
    ['std_msgs/msg/String', null, 'expected an object with the fields of std_msgs/msg/String'],
    ['std_msgs/msg/String', [], 'expected an object with the fields of std_msgs/msg/String'],
    ['std_msgs/msg/String', 'text', 'expected an object with the fields of std_msgs/msg/String'],
  ] as const) {
    it(`refuses ${problem}`, async () => {
      const codec = await codecOf(type);
      assert.throws(
        () => codec.encode(message),
        (error) => {
          assert.ok(error instanceof InvalidMessage);
          assert.equal(error.message, problem);
          return true;
        },
      );
    });
  }

  it('ignores unknown fields, or refuses them when asked to', async () => {
    const codec = await codecOf('std_msgs/msg/Header');
    assert.deepEqual(codec.encode({ seq: 1, stamp: { secs: 2 } }), codec.encode({}));
    assert.throws(
      () => codec.encode({ stamp: { secs: 2 } }, { strict: true }),
      /^InvalidMessage: stamp\.secs: the type has no such field$/,
    );
  });

  it('takes no field of a message from the prototype of an object', async () => {
    const codec = compileCodec({
      name: 'p/msg/T',
      constants: [],
      fields: [{ name: 'constructor', type: 'string', array: undefined, stringBound: undefined, defaultValue: 'own' }],
    });
    assert.deepEqual(codec.decode(codec.encode({})), Object.fromEntries([['constructor', 'own']]));
  });

  it('treats bytes that cannot be the type as malformed', async () => {
    const scan = await codecOf('sensor_msgs/msg/LaserScan');
    const good = scan.encode({ ranges: [1, 2, 3] });
    for (const cdr of [
      bytes(),
      bytes(0, 1),
      bytes(0, 9, 0, 0),
      good.subarray(0, -1),
      Uint8Array.of(...good, 0, 0, 0, 0),
    ]) {
      assert.throws(() => scan.decode(cdr), MalformedMessage);
    }
    const names = await codecOf('rcl_interfaces/msg/ParameterEventDescriptors');
    assert.throws(() => names.decode(bytes(0, 1, 0, 0, 0xff, 0xff, 0xff, 0x7f)), MalformedMessage);
  });

  it('decodes any bytes to a message, or throws MalformedMessage', async () => {
    const random = seededRandom(3);
    for (const type of ['Nested', 'Arrays', 'Empty']) {
      const codec = await codecOf(`test_pkg/msg/${type}`);
      for (let round = 0; round < 500; round += 1) {
        const cdr = random.float() < 0.5 ? random.bytes(300) : codec.encode(randomMessage(codec.type, random));
        cdr.set([0, Math.floor(random.float() * 8), 0, 0]);
        cdr[4 + Math.floor(random.float() * (cdr.length - 4))] = Math.floor(random.float() * 256);
        try {
          codec.decode(cdr);
        } catch (error) {
          assert.ok(error instanceof MalformedMessage, String(error));
        }
      }
    }
  });
});
