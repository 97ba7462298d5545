import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText } from './json-text.ts';

test('a value that fits is written on one line, any other has a line for each member', () => {
  const value = { id: 'scan', ranges: [1, 2.5], frame: { id: 'laser', left_out: undefined }, note: null };
  assert.equal(jsonText(value), '{"id": "scan", "ranges": [1, 2.5], "frame": {"id": "laser"}, "note": null}');
  const broken = jsonText(value, 30);
  assert.deepEqual(broken.split('\n'), [
    '{',
    '  "id": "scan",',
    '  "ranges": [1, 2.5],',
    '  "frame": {"id": "laser"},',
    '  "note": null',
    '}',
  ]);
  assert.deepEqual(JSON.parse(broken), JSON.parse(JSON.stringify(value)));
});

test('a list of long items has a line for each item', () => {
  assert.equal(jsonText(['0123456789', '0123456789'], 20), '[\n  "0123456789",\n  "0123456789"\n]');
});
