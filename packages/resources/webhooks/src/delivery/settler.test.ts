import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Settlement } from '../outbox/settlement.ts';
import { Settler } from './settler.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(maxDead = 10) {
  const clock = new SimulatedClock();
  const writes: Settlement[] = [];
  const warnings: string[] = [];
  const disk = { answer: async (): Promise<void> => undefined };
  let room = 0;
  const settler = new Settler({
    outbox: {
      settle: async (settlement) => {
        writes.push(settlement);
        await disk.answer();
        return { died: settlement.dead.length, removed: settlement.removeDead };
      },
    },
    clock,
    maxDead,
    warn: (message) => warnings.push(message),
    onRoom: () => room++,
  });
  return { clock, writes, warnings, disk, settler, room: () => room };
}

describe('the settler', () => {
  it('writes together what arrives while the disk is busy', async () => {
    const { settler, writes } = setUp();
    for (let id = 1; id <= 5; id++) settler.delivered(id);
    settler.failed({ id: 6, attempts: 1, error: 'a' });
    settler.failed({ id: 6, attempts: 2, error: 'b' });
    settler.failed({ id: 7, attempts: 1, error: 'a' });
    settler.delivered(7);
    await settler.settled();
    assert.deepEqual(
      writes.map(({ delivered, failed }) => [delivered, failed.map(({ attempts }) => attempts)]),
      [
        [[1], []],
        [[2, 3, 4, 5, 7], [2]],
      ],
    );
  });

  it('retains what could not be written, warns once, and retries', async () => {
    const { settler, writes, disk, clock, warnings } = setUp();
    disk.answer = async () => {
      throw new Error('disk full');
    };
    settler.delivered(1);
    await settled();
    settler.delivered(2);
    await clock.advanceAsync(2000, 500);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /may be delivered again: Error: disk full/);
    disk.answer = async () => undefined;
    await clock.advanceAsync(1500, 500);
    assert.deepEqual(writes.at(-1)?.delivered, [1, 2]);
    assert.equal(clock.timers, 0);
  });

  it('is full when too much is unwritten, and signals when there is room', async () => {
    const { settler, disk, room } = setUp();
    const held = Promise.withResolvers<void>();
    disk.answer = () => held.promise;
    for (let id = 0; id <= 1000; id++) settler.delivered(id);
    assert.ok(settler.isFull);
    held.resolve();
    await settler.settled();
    assert.deepEqual([settler.isFull, room()], [false, 1]);
  });

  it('stores a limited number of dead letters, the newest', async () => {
    const { settler, writes } = setUp(2);
    for (let id = 1; id <= 4; id++) settler.died({ id, attempts: 1, error: 'a', waitedMs: 1, deadMs: id });
    await settler.settled();
    assert.deepEqual(
      writes.map(({ dead, removeDead }) => [dead.length, removeDead]),
      [
        [1, 0],
        [3, 2],
      ],
    );
    assert.deepEqual([settler.dead, settler.removed], [2, 2]);
  });

  it('writes once more when it is closed, whatever failed before', async () => {
    const { settler, writes, disk, clock } = setUp();
    disk.answer = async () => {
      throw new Error('gone');
    };
    settler.delivered(1);
    await settled();
    await settler.close();
    assert.equal(writes.length, 2);
    assert.equal(clock.timers, 0);
  });
});
