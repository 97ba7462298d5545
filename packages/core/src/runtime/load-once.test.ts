import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loading } from './load-once.ts';

test('a resource is loaded once for all waiting callers, and again only by a call after a failure', async () => {
  const answers = [() => Promise.reject(new Error('disk full')), () => Promise.resolve(), () => assert.fail()];
  const things = loading(async () => answers.shift()?.());
  await things.settled();
  assert.equal(things.failure, undefined);
  const both = [things.loaded(), things.loaded()];
  await things.settled();
  assert.equal(things.failure, 'disk full');
  for (const waiting of both) await assert.rejects(waiting, /disk full/);
  await Promise.all([things.loaded(), things.loaded()]);
  assert.equal(things.failure, undefined);
  await things.loaded();
  assert.equal(answers.length, 1);
});
