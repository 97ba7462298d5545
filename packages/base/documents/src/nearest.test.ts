import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearestName } from './nearest.ts';

test('the distance counts inserted, deleted, replaced and swapped characters', () => {
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('port', 'port'), 0);
  assert.equal(editDistance('prot', 'port'), 1);
  assert.equal(editDistance('kitten', 'sitting'), 3);
});

test('the distance is the same both ways', () => {
  for (const [a, b] of [
    ['server.port', 'serv.prot'],
    ['abc', 'cab'],
    ['demo', ''],
  ]) {
    assert.equal(editDistance(a, b), editDistance(b, a));
  }
});

test('no name is suggested if all are too far away', () => {
  assert.equal(nearestName('injct', ['inject', 'clear', 'status']), 'inject');
  assert.equal(nearestName('UP', ['up', 'demo']), 'up');
  assert.equal(nearestName('frobnicate', ['up', 'demo']), undefined);
  assert.equal(nearestName('x'.repeat(1_000_000), ['up', 'demo']), undefined);
});

test('only the beginnings of long names are compared', () => {
  const long = 'a'.repeat(200);
  assert.equal(nearestName(`b${long}`, [long, 'demo']), long);
});
