import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { compileCodec } from '../codec/message-codec.ts';
import { testTypeStore } from '../testing/all-types.ts';
import { shortestFloat32 } from './float-text.ts';
import { type JsonSchema, messageSchema } from './schema.ts';

const store = testTypeStore();

async function typeOf(name: string) {
  const known = await store.find(name);
  assert.ok(known, name);
  return known.type;
}

describe('messages as JSON', () => {
  it('Z09: writes every kind of value as clients of the REST API expect it', async () => {
    const codec = compileCodec(await typeOf('test_pkg/msg/Primitives'));
    const message = codec.decode(
      codec.encode({
        a_bool: true,
        a_byte: 255,
        a_int64: -(2n ** 63n),
        a_uint64: 2n ** 53n - 1n,
        a_float32: 0.1,
        a_float64: '-.inf',
        a_string: '42',
        a_wstring: 'grüße',
      }),
    );
    assert.deepEqual(codec.toJson(message), {
      a_bool: true,
      a_byte: 255,
      a_char: 0,
      a_int8: 0,
      a_uint8: 0,
      a_int16: 0,
      a_uint16: 0,
      a_int32: 0,
      a_uint32: 0,
      a_int64: -(2n ** 63n),
      a_uint64: 9007199254740991,
      a_float32: 0.1,
      a_float64: '-.inf',
      a_string: '42',
      a_wstring: 'grüße',
    });
  });

  it('writes arrays as arrays, also empty ones and bytes', async () => {
    const codec = compileCodec(await typeOf('test_pkg/msg/Arrays'));
    const json = codec.toJson(
      codec.decode(codec.encode({ unbounded_uint8: [0, 255], bounded_float32: ['.nan', 'Infinity', '-.INF', 0.7] })),
    );
    assert.deepEqual(json.unbounded_uint8, [0, 255]);
    assert.deepEqual(json.unbounded_string, []);
    assert.deepEqual(json.bounded_float32, ['.nan', '.inf', '-.inf', 0.7]);
    assert.deepEqual(json.fixed_int64, [0, 0, 0]);
  });

  it('writes an empty message as {}', async () => {
    const codec = compileCodec(await typeOf('std_msgs/msg/Empty'));
    assert.deepEqual(codec.toJson(codec.decode(codec.encode({}))), {});
  });

  it('gives a float32 its shortest text that reads back the same', () => {
    for (const [value, text] of [
      [0.1, '0.1'],
      [-12.34, '-12.34'],
      [16777216, '16777216'],
      [3.4028234663852886e38, '3.4028235e+38'],
      [1.401298464324817e-45, '1e-45'],
      [1e-7, '1e-7'],
      [0.3333333432674408, '0.33333334'],
      [-0, '0'],
      [5, '5'],
    ] as const) {
      assert.equal(String(shortestFloat32(Math.fround(value))), text);
    }
    const random = seededRandom(2);
    const view = new DataView(new ArrayBuffer(4));
    for (let round = 0; round < 20_000; round += 1) {
      if (round % 2) view.setUint32(0, Math.floor(random.float() * 2 ** 32));
      else view.setFloat32(0, (random.float() - 0.5) * 200);
      const value = view.getFloat32(0);
      if (!Number.isFinite(value)) continue;
      const short = shortestFloat32(value);
      assert.equal(Math.fround(short), value);
      const digits = (number: number) => number.toExponential().replace(/e.*|[-.]/g, '').length;
      for (let precision = 1; precision < digits(short); precision += 1) {
        assert.notEqual(Math.fround(Number(value.toPrecision(precision))), value, `${short} could be shorter`);
      }
    }
  });

  it('describes a type by a schema', async () => {
    const { nothing, short, shorts } = messageSchema(await typeOf('test_pkg/msg/Nested')).properties as JsonSchema;
    assert.deepEqual(nothing, { type: 'object', properties: {} });
    assert.deepEqual(short, { type: 'string', maxLength: 5 });
    assert.deepEqual(shorts, { type: 'array', items: { type: 'string', maxLength: 3 }, maxItems: 2 });
    assert.deepEqual(messageSchema(await typeOf('geometry_msgs/msg/PoseWithCovariance')), {
      type: 'object',
      properties: {
        pose: messageSchema(await typeOf('geometry_msgs/msg/Pose')),
        covariance: { type: 'array', items: { type: 'number', format: 'double' }, minItems: 36, maxItems: 36 },
      },
    });
    assert.deepEqual(messageSchema(await typeOf('test_pkg/msg/Defaults'))['x-constants'], {
      LOW: 1,
      NAME: "it's # here",
      PI: 3.25,
    });
  });
});
