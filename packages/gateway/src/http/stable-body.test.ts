import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StableBody } from './stable-body.ts';

test('the JSON of a body is encoded once, however often the body is sent', () => {
  let read = 0;
  const body = {
    get items() {
      read += 1;
      return [1n];
    },
  };
  const first = new StableBody(body).bytes;
  const readOnce = read;
  assert.equal(new StableBody(body).bytes, first);
  assert.equal(read, readOnce);
  assert.equal(String(first), '{"items":[1]}');
  assert.notEqual(new StableBody({ items: [1n] }).bytes, first);
});
