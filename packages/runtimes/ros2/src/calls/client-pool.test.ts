import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { AlreadyClosed } from '@medkit/ros2';
import { ClientPool } from './client-pool.ts';

/** Creates a pool of two clients whose calls end only when they are closed. */
function setUp() {
  const clock = new SimulatedClock();
  const opened: string[] = [];
  const closed: string[] = [];
  const log: string[] = [];
  const open = async (key: string) => {
    if (key === 'impossible') throw new Error('no such thing');
    opened.push(key);
    const end = Promise.withResolvers<void>();
    return {
      ask: async () => {
        await end.promise;
        throw new AlreadyClosed(`the client of ${key} is closed`);
      },
      close: async () => {
        closed.push(key);
        end.resolve();
        if (key === 'sticky') throw new Error('it sticks');
      },
    };
  };
  const pool = new ClientPool({ open, clock, log: (_level, line) => log.push(line), maxClients: 2, idleMs: 1000 });
  const touch = (key: string) => pool.use(key, async () => key);
  return { pool, clock, opened, closed, log, touch };
}

describe('a pool of clients', () => {
  it('opens one client for each key and reuses it for the next call', async () => {
    const { touch, opened } = setUp();
    await Promise.all([touch('a'), touch('a')]);
    await touch('a');
    assert.deepEqual(opened, ['a']);
  });

  it('closes the least recently used for a new one, and refuses if all are in use', async () => {
    const { pool, touch, closed } = setUp();
    for (const key of ['a', 'b', 'a', 'c']) await touch(key);
    assert.deepEqual([closed, pool.size], [['b'], 2]);
    const busy = ['a', 'c'].map((key) => pool.use(key, (client) => client.ask()));
    await assert.rejects(touch('d'), {
      code: 'service-unavailable',
      message: /All 2 ROS clients of the gateway are in use/,
    });
    await pool.close();
    for (const work of busy) await assert.rejects(work);
  });

  it('closes clients that are idle for a while, and none that is in use', async () => {
    const { pool, clock, touch, closed } = setUp();
    const busy = assert.rejects(
      pool.use('busy', (client) => client.ask()),
      { code: 'x-medkit-gateway-shutdown' },
    );
    await touch('idle');
    await clock.advanceAsync(1250);
    assert.deepEqual(closed, ['idle']);
    await pool.close();
    await busy;
  });

  it('forgets a client that could not be opened', async () => {
    const { pool, touch } = setUp();
    await assert.rejects(touch('impossible'), /no such thing/);
    assert.equal(pool.size, 0);
  });

  it('rejects the calls of a dropped client because its server is lost, and opens another for the next', async () => {
    const { pool, touch, opened } = setUp();
    const lost = assert.rejects(
      pool.use('a', (client) => client.ask()),
      { name: 'ServerLost', message: 'a has left the graph' },
    );
    pool.drop('a');
    await lost;
    await touch('a');
    assert.deepEqual(opened, ['a', 'a']);
  });

  it('that is closed accepts no further call, even if a client does not close', async () => {
    const { pool, touch, log } = setUp();
    const busy = assert.rejects(
      pool.use('sticky', (client) => client.ask()),
      { code: 'x-medkit-gateway-shutdown' },
    );
    await pool.close();
    await busy;
    await assert.rejects(touch('a'), { code: 'x-medkit-gateway-shutdown' });
    assert.deepEqual(log, ['Cannot close the client of sticky: it sticks']);
  });
});
