import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYamlBoolean, parseYamlInteger, parseYamlNumber } from './scalars.ts';

test('switches have the words of YAML 1.1 in any case, and no others', () => {
  for (const text of ['true', 'True', 'yes', 'YES', 'y', 'Y', 'on', ' On '])
    assert.equal(parseYamlBoolean(text), true, text);
  for (const text of ['false', 'FALSE', 'no', 'No', 'n', 'N', 'off', 'OFF'])
    assert.equal(parseYamlBoolean(text), false, text);
  for (const text of ['', '1', '0', 'enabled', 'yess', 'null']) assert.equal(parseYamlBoolean(text), undefined, text);
});

test('whole numbers are decimal, hexadecimal, octal or binary, with 64 bits', () => {
  assert.deepEqual(
    ['12', '+3', '-4', '0x1F', '-0x10', '0o17', '0b101', '010', '18446744073709551615'].map(parseYamlInteger),
    [12n, 3n, -4n, 31n, -16n, 15n, 5n, 10n, 18446744073709551615n],
  );
  for (const text of ['', '1.5', '1e3', '1_000', '0o8', '0xg', 'ten'])
    assert.equal(parseYamlInteger(text), undefined, text);
});

test('numbers may be infinite or NaN', () => {
  assert.deepEqual(['1.5', '.5', '1e3', '0o17', '-.inf', '.NaN', 'inf'].map(parseYamlNumber), [
    1.5,
    0.5,
    1000,
    15,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]);
  for (const text of ['', '1.5.2', 'e3', '0x']) assert.equal(parseYamlNumber(text), undefined, text);
});
