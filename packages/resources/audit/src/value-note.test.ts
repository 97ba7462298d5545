import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { JsonValue } from '@medkit/core';
import { valueNote } from './value-note.ts';

it('a plain value and a message with one plain field are recorded unchanged', () => {
  assert.equal(valueNote('speed_limit', 0.5), '0.5');
  assert.equal(valueNote('counter', 2n ** 62n), '4611686018427387904');
  assert.equal(valueNote('/speed', { data: 0.5 }), '{"data":0.5}');
  assert.equal(valueNote('/door', null), 'null');
});

it('a larger value is not recorded', () => {
  const large: readonly JsonValue[] = [{ x: 1, y: 2 }, { data: [1] }, { header: {} }, { data: null }, [1], {}];
  for (const value of large) {
    assert.equal(valueNote('/pose', value), undefined);
  }
});

it('a value is not shown if the item or the field has the name of a secret', () => {
  assert.equal(valueNote('wifi_password', 'w-1'), '(not shown)');
  assert.equal(valueNote('/login', { api_key: 'k-1' }), '(not shown)');
});
