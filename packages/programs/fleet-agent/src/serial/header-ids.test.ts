import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FIRST_IDS, type HeaderIds, headerIdSource } from './header-ids.ts';

describe('the headerIds of an agent', () => {
  it('are small, and continue where a process that stopped ended', () => {
    const ids = headerIdSource(FIRST_IDS, () => undefined);
    assert.deepEqual([ids.take('state'), ids.take('state'), ids.take('factsheet')], [0, 1, 0]);
    const later = headerIdSource(ids.next, () => undefined);
    assert.deepEqual([later.take('state'), later.take('factsheet'), later.take('connection')], [2, 1, 0]);
  });

  it('never go backwards after a process that was killed, whenever that was', () => {
    let stored: HeaderIds = FIRST_IDS;
    let last = -1;
    for (const messages of [0, 1, 499, 500, 501, 5000]) {
      const ids = headerIdSource(stored, (reserved) => {
        stored = reserved;
      });
      for (let message = 0; message <= messages; message++) {
        const id = ids.take('state');
        assert.ok(id > last, `${id} after ${last}`);
        last = id;
      }
    }
    assert.ok(last < 20_000, `${last}`);
  });

  it('order the will of a connection after its messages, and before those of the next connection', () => {
    let stored: HeaderIds = FIRST_IDS;
    const ids = headerIdSource(FIRST_IDS, (reserved) => {
      stored = reserved;
    });
    const order: number[] = [];
    for (let connection = 0; connection < 50; connection++) {
      const will = ids.takeForWill();
      assert.equal(ids.takeForWill(), will, 'another attempt to connect uses none up');
      order.push(ids.take('connection'), ids.take('connection'), will);
    }
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(order).size, order.length);
    assert.ok(stored.connection > order.at(-1)!, 'also after a process that was killed');
    assert.ok(ids.next.connection > order.at(-1)!, 'and after one that stopped');
  });

  it('restart at 0 after the last of 32 bits', () => {
    const ids = headerIdSource({ ...FIRST_IDS, state: 2 ** 32 - 1 }, () => undefined);
    assert.deepEqual([ids.take('state'), ids.take('state'), ids.next.state], [2 ** 32 - 1, 0, 1]);
  });
});
