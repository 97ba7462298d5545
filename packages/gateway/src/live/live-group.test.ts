import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { EventStream } from '../sse/event-stream.ts';
import { WriteBatcher } from '../sse/write-batcher.ts';
import { MemoryClient } from '../testing/memory-client.ts';
import { revisions } from './followed-value.ts';
import { LiveGroup } from './live-group.ts';
import type { LiveValue } from './live-value.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const clock = new SimulatedClock();
  const counter = revisions();
  const room = new LiveGroup({ clock, revisions: counter, intervalMs: 100 });
  let written = 0;
  const values = [0, 0].map(() => {
    const state = { revision: 0, n: 0 };
    const value = {
      get revision() {
        return state.revision;
      },
      text: () => {
        written++;
        return JSON.stringify({ value: state.n });
      },
    };
    const set = (n: number): void => {
      Object.assign(state, { n, revision: counter.next() });
      room.touch();
    };
    return { value: value as unknown as LiveValue, set };
  });
  room.show(values.map(({ value }) => value));
  const join = async () => {
    const client = new MemoryClient();
    const stream = new EventStream(clock, new WriteBatcher());
    const leave = room.join(stream);
    stream.begin(client.response);
    await turn();
    const received = () => [...client.text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data).values);
    return { client, received, leave };
  };
  const [a, b] = values;
  assert.ok(a && b);
  return { clock, room, a, b, join, writtenTimes: () => written };
}

describe('the clients of the same values', () => {
  it('receive every value at first, then the changes, encoded once for all of them', async () => {
    const { clock, a, b, join, writtenTimes } = setUp();
    a.set(1);
    b.set(2);
    const clients = await Promise.all([join(), join(), join()]);
    a.set(3);
    await clock.advanceAsync(5);
    await turn();
    for (const { received } of clients)
      assert.deepEqual(received(), [{ 0: { value: 1 }, 1: { value: 2 } }, { 0: { value: 3 } }]);
    assert.equal(writtenTimes(), 3);
  });

  it('receive at most one event per interval, with the newest value of each item', async () => {
    const { clock, a, join } = setUp();
    const { received } = await join();
    for (let n = 1; n <= 30; n++) {
      a.set(n);
      await clock.advanceAsync(10);
    }
    await clock.advanceAsync(100);
    await turn();
    assert.ok(received().length <= 4, `${received().length} events in 300 ms`);
    assert.deepEqual(received().at(-1), { 0: { value: 30 } });
  });

  it('receive the latest values although one of them reads slowly, and have no queue', async () => {
    const { clock, a, b, join } = setUp();
    const slow = await join();
    const quick = await join();
    slow.client.stopReading();
    b.set(7);
    await clock.advanceAsync(200);
    await turn();
    b.set(8);
    for (let n = 1; n <= 50; n++) {
      a.set(n);
      await clock.advanceAsync(100);
      await turn();
    }
    assert.ok(quick.received().length > 40);
    slow.client.readNext();
    await turn();
    await turn();
    assert.deepEqual(slow.received(), [{ 1: { value: 7 } }, { 0: { value: 50 }, 1: { value: 8 } }]);
    a.set(51);
    await clock.advanceAsync(100);
    await turn();
    assert.deepEqual([slow.received().at(-1), quick.received().at(-1)], [{ 0: { value: 51 } }, { 0: { value: 51 } }]);
  });

  it('leave no timer behind when the last one disconnects', async () => {
    const { clock, room, a, join } = setUp();
    const { leave, received } = await join();
    a.set(1);
    leave();
    await clock.advanceAsync(1000);
    a.set(2);
    await clock.advanceAsync(1000);
    await turn();
    assert.deepEqual([room.isEmpty, received()], [true, []]);
  });
});
