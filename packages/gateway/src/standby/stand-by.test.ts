import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StoreUnavailable } from '@medkit/store';
import type { ObservedHolder } from '@medkit/store/postgres';
import { freeLocks } from './stand-by.ts';

const holder = (silentMs: number | undefined): ObservedHolder => ({
  ...{ pid: 7, owner: 'medkit process 1 on hub-a', description: 'medkit process 1 on hub-a (server process 7)' },
  silentMs,
  address: undefined,
});

/** Looks at the locks as often as there are results, and returns what followed. */
async function looks(...results: readonly (ObservedHolder | Error | undefined)[]) {
  const [logged, ended, left]: [string[], number[], (ObservedHolder | Error | undefined)[]] = [[], [], [...results]];
  const next = async () => {
    const result = left.shift();
    if (result instanceof Error) throw result;
    return result;
  };
  const isFree = freeLocks({
    locks: { holder: next, end: async ({ pid }) => void ended.push(pid) },
    onHolder: () => undefined,
    log: (_level, message) => void logged.push(message),
  });
  const free: boolean[] = [];
  for (const _ of results) free.push(await isFree());
  return { free, logged, ended };
}

it('waits while another process has the database, and logs the reason once', async () => {
  const { free, logged, ended } = await looks(holder(100), holder(1500), holder(undefined), undefined);
  assert.deepEqual(free, [false, false, false, true]);
  assert.deepEqual(logged, ['the database of the hub is in use by medkit process 1 on hub-a (server process 7)']);
  assert.deepEqual(ended, []);
});

it('ends the session of a process that hangs, and looks again', async () => {
  const { free, logged, ended } = await looks(holder(19_999), holder(20_000), undefined);
  assert.deepEqual(free, [false, false, true]);
  assert.deepEqual(ended, [7]);
  assert.match(logged.at(-1) ?? '', /sends nothing to the database, and is excluded from it/);
});

it('waits while the database is not available, and logs each new reason', async () => {
  const { free, logged } = await looks(
    new StoreUnavailable('start PostgreSQL'),
    new StoreUnavailable('start PostgreSQL'),
    holder(0),
    new StoreUnavailable('start PostgreSQL'),
    undefined,
  );
  assert.deepEqual(free, [false, false, false, false, true]);
  assert.equal(logged.length, 3);
});
