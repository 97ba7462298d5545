import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { ClockHistory } from '@medkit/peer';
import { memoryDatabase } from '../testing/memory-database.ts';
import { storeClocks } from './stored-clocks.ts';

const epoch = (offsetMs: number) => ({ fromMs: 1000, untilMs: 31_000, offsetMs, uncertaintyMs: 2 });

/** A peer with this clock history. */
function peer(name: string, history: ClockHistory = []) {
  const recalled: ClockHistory[] = [];
  return { name, clockHistory: () => history, recallClock: (past: ClockHistory) => void recalled.push(past), recalled };
}

describe('the stored clock offsets of other gateways', () => {
  const clock = new SimulatedClock();
  const log = () => undefined;

  it('are restored after a restart, also for a gateway that connects later', async () => {
    const database = memoryDatabase(clock);
    const before = await storeClocks({ peers: { runtimes: [peer('yard', [epoch(7000)])] }, database, clock, log });
    await before.close();
    const [yard, crane] = [peer('yard'), peer('crane')];
    const runtimes = [crane];
    const after = await storeClocks({ peers: { runtimes }, database, clock, log });
    runtimes.push(yard);
    await after.close();
    assert.deepEqual(yard.recalled, [[epoch(7000)]]);
    assert.deepEqual(crane.recalled, [[]]);
  });

  it('are empty if all clocks agree', async () => {
    const database = memoryDatabase(clock);
    const stored = await storeClocks({ peers: { runtimes: [peer('yard', [epoch(1)])] }, database, clock, log });
    await stored.close();
    assert.deepEqual(await (await database.store()).read('SELECT * FROM peer_clocks'), []);
  });

  it('are empty if the file is invalid', async () => {
    const database = memoryDatabase(clock);
    for (const text of ['', '{}', '[1]', '[{"fromMs":1}]']) {
      const sql =
        'INSERT INTO peer_clocks (name, history) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET history = excluded.history';
      await (await database.store()).write([{ sql, parameters: ['yard', text] }]);
      const yard = peer('yard');
      await (await storeClocks({ peers: { runtimes: [yard] }, database, clock, log })).close();
      assert.deepEqual(yard.recalled, [[]]);
    }
  });
});
