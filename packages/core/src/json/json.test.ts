import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { NumberOutOfRange, parseJson, parseJsonInput, stringifyJson } from './json.ts';

test('64-bit integers are parsed and written exactly', () => {
  const text = '{"min":-9223372036854775808,"max":18446744073709551615,"list":[9007199254740993],"small":7,"f":1.5}';
  const value = parseJson(text);
  assert.deepEqual(value, {
    min: -9223372036854775808n,
    max: 18446744073709551615n,
    list: [9007199254740993n],
    small: 7,
    f: 1.5,
  });
  assert.equal(stringifyJson(value), text);
});

test('a timestamp in the envelope is written as bare digits', () => {
  const reply = { id: '/scan', data: { ranges: [1, 2] }, 'x-medkit': { timestamp: 1774231973123456789n } };
  assert.equal(
    stringifyJson(reply),
    '{"id":"/scan","data":{"ranges":[1,2]},"x-medkit":{"timestamp":1774231973123456789}}',
  );
});

test('digits in strings, fractions and exponents are unchanged', () => {
  const text = '{"a":"12345678901234567890","b":0.12345678901234566,"c":1e+30}';
  assert.deepEqual(parseJson(text), { a: '12345678901234567890', b: 0.12345678901234566, c: 1e30 });
});

test('an integer longer than 64 bits is not made a bigint, however long', () => {
  assert.equal(parseJson(`9${'0'.repeat(20)}`), 9e20);
});

test('a number beyond a double is rejected in a request, and is infinity in a reply', () => {
  for (const text of ['1e999', '[{"a":-1E+0400}]', '9'.repeat(400), '{"long":9007199254740993,"huge":1e309}']) {
    assert.throws(() => parseJsonInput(text), NumberOutOfRange, text.slice(0, 20));
  }
  assert.deepEqual(parseJsonInput('[1e308,"1e999",1e-999,0e999]'), [1e308, '1e999', 0, 0]);
  assert.deepEqual(parseJson('[1,1e999]'), [1, Number.POSITIVE_INFINITY]);
});

test('a member named __proto__ is rejected, escaped or not', () => {
  assert.throws(() => parseJson('{"a":{"__proto__":{"x":1}}}'), SyntaxError);
  assert.throws(() => parseJson('{"\\u005f_proto__":1}'), SyntaxError);
});

test('any tree of values survives a round trip', () => {
  const random = seededRandom(7);
  const tree = (depth: number): unknown => {
    const pick = Math.floor(random.float() * (depth > 0 ? 7 : 5));
    if (pick === 0) return BigInt.asIntN(64, BigInt(`0x${Buffer.from(random.bytes(8)).toString('hex')}`)) | (1n << 60n);
    if (pick === 1) return random.float();
    if (pick === 2) return Math.floor(random.float() * 1000);
    if (pick === 3) return `\u{1F916}"\\${random.float()}`;
    if (pick === 4) return null;
    const members = Array.from({ length: 3 }, () => tree(depth - 1));
    return pick === 5 ? members : Object.fromEntries(members.map((member, index) => [`k${index}`, member]));
  };
  for (let round = 0; round < 200; round++) {
    const value = tree(5);
    assert.deepEqual(parseJson(stringifyJson(value)), value);
  }
});

test('a text that looks like a marked integer stays a text, wherever it occurs', () => {
  const texts = ['\u007f', '\u007fi123', '\u007ft', '\u007fi9007199254740993', 'x\u007fi1', '\u007et'];
  for (const text of texts) {
    const value = { [text]: [text, 9007199254740993n], list: [{ text }] };
    const json = `{${JSON.stringify(text)}:[${JSON.stringify(text)},9007199254740993],"list":[{"text":${JSON.stringify(text)}}]}`;
    assert.deepEqual(parseJson(json), value, json);
    assert.deepEqual(parseJson(json.replaceAll('\u007f', '\\u007F')), value, json);
  }
});

test('a forbidden name is rejected only as the name of a member', () => {
  for (const text of [
    '["__proto__"]',
    '{"a":"__proto__","b":"\\u005f_proto__"}',
    '{"x\\"__proto__":1}',
    '{"___proto__":1}',
  ]) {
    assert.deepEqual(parseJson(text), JSON.parse(text));
  }
});

test('texts are accepted and parsed as by JSON.parse, with long integers and without', () => {
  const random = seededRandom(11);
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '-',
    '.',
    'e',
    '+',
    '0',
    '1',
    ' ',
    '\\',
    'u007f',
    '\u007f',
    'true',
    '"a"',
  ];
  const seeds = [
    '{"a":[9223372036854775807,-1234567890123456,"\u007fi1"],"b":{"":12345678901234567890}}',
    '[0.12345678901234567,1e5,-0,"\\u007fx",[[]],{"n":null}]',
    '-9007199254740993',
    '1234567890123456789',
  ];
  const asJson = (text: string): unknown => {
    try {
      const value: unknown = JSON.parse(text);
      // `parseJsonInput` rejects numbers beyond the range of a double.
      return JSON.stringify(value, (_, each) => (Math.abs(each) === Number.POSITIVE_INFINITY ? 'huge' : each)).includes(
        '"huge"',
      )
        ? 'no JSON'
        : value;
    } catch {
      return 'no JSON';
    }
  };
  const asDoubles = (text: string): unknown => {
    try {
      return JSON.parse(stringifyJson(parseJsonInput(text)));
    } catch (error) {
      assert.ok(error instanceof SyntaxError, text);
      return 'no JSON';
    }
  };
  const upTo = (count: number) => Math.floor(random.float() * count);
  for (let round = 0; round < 5000; round++) {
    const seed = seeds[upTo(seeds.length)] as string;
    const at = upTo(seed.length + 1);
    const text = seed.slice(0, at) + pieces[upTo(pieces.length)] + seed.slice(at + upTo(3));
    const expected = asJson(text);
    // `JSON.stringify` writes -0 as 0.
    assert.deepEqual(asDoubles(text), expected === 'no JSON' ? expected : JSON.parse(JSON.stringify(expected)), text);
  }
});

test('a value is written with all digits of its integers and is not modified', () => {
  const value = { list: [1, { stamp: 18446744073709551615n }], none: null, plain: { a: [1.5] } };
  assert.equal(stringifyJson(value), '{"list":[1,{"stamp":18446744073709551615}],"none":null,"plain":{"a":[1.5]}}');
  assert.deepEqual(value, { list: [1, { stamp: 18446744073709551615n }], none: null, plain: { a: [1.5] } });
});

test('nesting is limited, and brackets in strings do not count', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  assert.doesNotThrow(() => parseJson(nested(128)));
  assert.throws(() => parseJson(nested(129)), SyntaxError);
  assert.throws(() => parseJson('{"a":'.repeat(200)), SyntaxError);
  assert.throws(() => parseJson('['.repeat(8_000_000)), SyntaxError);
  const text = `["\\"${'['.repeat(200)}", "\\\\", []]`;
  assert.deepEqual(parseJson(text), [`"${'['.repeat(200)}`, '\\', []]);
});
