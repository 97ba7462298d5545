import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { JsonValue } from '@medkit/core';
import { notedValue } from './value-note.ts';

it('a plain value and a message with one plain field are recorded unchanged', () => {
  assert.equal(notedValue('speed_limit', 0.5), '0.5');
  assert.equal(notedValue('counter', 2n ** 62n), '4611686018427387904');
  assert.equal(notedValue('/speed', { data: 0.5 }), '{"data":0.5}');
  assert.equal(notedValue('/door', null), 'null');
});

it('a larger value is not recorded', () => {
  const large: readonly JsonValue[] = [{ x: 1, y: 2 }, { data: [1] }, { header: {} }, { data: null }, [1], {}];
  for (const value of large) {
    assert.equal(notedValue('/pose', value), undefined);
  }
});

it('a value is not shown if the item or the field has the name of a secret', () => {
  assert.equal(notedValue('wifi_password', 'w-1'), '(not shown)');
  assert.equal(notedValue('/login', { api_key: 'k-1' }), '(not shown)');
});
