import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ForwardRequest } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryDatabase } from '../../testing/memory-database.ts';
import { chainWitnesses } from './chain-witnesses.ts';
import { watchLogs } from './watch-logs.ts';

/** A peer whose log has one record for each hash, without readers. */
function watching(hashes: string[]) {
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const log = (_: string, message: string): void => void lines.push(message);
  const send = async (_: string, { query }: ForwardRequest) => {
    const before = Number(new URLSearchParams(query).get('cursor') ?? hashes.length + 1);
    const hash = hashes[before - 2];
    const items = hash === undefined ? [] : [{ id: before - 1, hash }];
    const body = (async function* () {
      yield Buffer.from(JSON.stringify({ items }));
    })();
    return { status: 200, headers: {}, body, close: () => undefined };
  };
  const model = { runtimes: ['yard'], provider: () => ({ forwarding: { send } }), originOf: () => 'yard' };
  const witnesses = chainWitnesses({ database: memoryDatabase(clock), clock, log });
  const watch = watchLogs({ model, clock }, witnesses);
  const minute = () => clock.advanceAsync(60_000, 60_000);
  return { witnesses, lines, minute, stop: () => watch.cancel() };
}

it('a log that no client reads is still detected if it is rewritten after the last record that was seen', async () => {
  const hashes = ['a', 'b'];
  const { witnesses, lines, minute, stop } = watching(hashes);
  await minute();
  assert.equal((await witnesses.of('yard'))?.hash, 'b');
  hashes.push('c');
  await minute();
  assert.deepEqual([(await witnesses.of('yard'))?.id, lines], [3, []]);
  hashes.splice(1, 2, 'x', 'y', 'z');
  await minute();
  const found = await witnesses.of('yard');
  assert.deepEqual([found?.id, found?.hash], [3, 'c'], 'what was seen is kept');
  assert.match(found?.problem ?? '', /^record 3 was read from it on \S+ with another hash$/);
  await minute();
  assert.deepEqual(lines.length, 1, 'it is said once');
  assert.match(witnesses.health().warnings[0]?.message ?? '', /was rewritten.*medkit audit accept yard$/);
  stop();
});

it('a record that was removed because of its age is no problem', async () => {
  const hashes = ['a', 'b'];
  const { witnesses, minute, stop } = watching(hashes);
  await minute();
  hashes.push('c', 'd');
  delete hashes[1];
  await minute();
  const { id, problem } = (await witnesses.of('yard')) ?? assert.fail();
  assert.deepEqual([id, problem], [4, undefined]);
  stop();
});
