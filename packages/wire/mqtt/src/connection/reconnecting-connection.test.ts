import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { SimulatedBroker } from '../testing/index.ts';

const STATE = { qos: 0, retain: false } as const;
const RETAINED = { qos: 1, retain: true } as const;

async function stage({ broker = new SimulatedBroker(), clientId = 'robot' } = {}) {
  const clock = new SimulatedClock();
  const events: string[] = [];
  const connection = broker.open({
    address: { url: 'mqtt://broker', protocol: '5' },
    clientId,
    will: { topic: 'connection', payload: 'broken', ...RETAINED },
    subscriptions: ['order', 'all/+/of/#'],
    clock,
    random: seededRandom(1),
    onOpen: () => events.push('open'),
    onMessage: ({ topic, payload, retained }) =>
      events.push(`${retained ? 'kept ' : ''}${topic} ${new TextDecoder().decode(payload)}`),
    onLost: (reason) => events.push(`lost: ${reason}`),
  });
  await broker.settled();
  return { broker, clock, connection, events };
}

describe('a reconnecting connection', () => {
  it('is open when the broker has accepted it, and receives the topics of its subscriptions', async () => {
    const { broker, connection, events } = await stage();
    assert.equal(connection.isOpen, true);
    broker.publish('order', 'go');
    broker.publish('orders', 'not ours');
    broker.publish('all/robots/of/yard/1', 'come');
    broker.publish('all/robots/off', 'not ours');
    assert.deepEqual(events, ['open', 'order go', 'all/robots/of/yard/1 come']);
  });

  it('reports each loss once, and reconnects after ever longer random waits, up to 30 s, without end', async () => {
    const { broker, clock, events } = await stage();
    broker.stop();
    const waits: number[] = [];
    for (let before = broker.attempts; waits.length < 9; before = broker.attempts) {
      let ms = 0;
      for (; broker.attempts === before; ms += 10) clock.advance(10);
      waits.push(ms);
      await broker.settled();
    }
    for (const [at, ms] of waits.entries()) {
      const longest = Math.min(30_000, 1000 * 2 ** at);
      assert.ok(ms >= longest / 2 && ms <= longest + 10, `${at}: ${ms} ms`);
    }
    assert.ok(new Set(waits.slice(5)).size > 1, 'by chance');
    assert.equal(events.length, 1 + 1 + waits.length);
    broker.start();
    clock.advance(30_000);
    await broker.settled();
    assert.deepEqual(
      [events.at(-2), events.at(-1)],
      ['lost: connection refused: check that the broker is running', 'open'],
    );
  });

  it('queues nothing: a message published while it is not open is refused, and never sent', async () => {
    const { broker, clock, connection } = await stage();
    broker.stop();
    assert.equal(connection.isOpen, false);
    await assert.rejects(connection.publish('state', 'old', RETAINED), /the connection to the broker is not open/);
    broker.start();
    clock.advance(1000);
    await broker.settled();
    await connection.publish('state', 'new', STATE);
    assert.deepEqual(
      broker.published.map(({ payload }) => payload),
      ['new'],
    );
  });

  it('refuses messages that the broker had not read when the connection was lost', async () => {
    const { broker, connection } = await stage();
    broker.stall();
    const lost = assert.rejects(connection.publish('state', 'old', RETAINED), /lost: the keepalive was missed/);
    broker.kill('robot', 'the keepalive was missed');
    await lost;
    broker.resume();
    await broker.settled();
    assert.deepEqual(broker.published, [
      { clientId: 'robot', topic: 'connection', payload: 'broken', ...RETAINED, isWill: true },
    ]);
  });

  it('does not reconnect every second if two clients have one client id', async () => {
    const { broker, clock, events } = await stage();
    for (let times = 0; times < 8; times += 1) {
      broker.kill('robot', 'taken over');
      clock.advance(30_000);
      await broker.settled();
    }
    broker.kill('robot', 'taken over');
    const before = broker.attempts;
    clock.advance(14_999);
    assert.equal(broker.attempts, before);
    clock.advance(15_001);
    await broker.settled();
    // The connection was stable, so the next loss counts as the first.
    clock.advance(30_000);
    broker.kill('robot');
    clock.advance(1000);
    await broker.settled();
    assert.equal(events.at(-1), 'open');
  });

  it('ends without a will, another message or a timer when it is closed', async () => {
    const { broker, clock, connection, events } = await stage();
    await connection.close();
    await connection.close();
    broker.publish('order', 'go');
    await assert.rejects(connection.publish('state', 'x', STATE), /is not open/);
    assert.deepEqual([events, broker.clients, clock.timers, broker.published.length], [['open'], [], 0, 1]);

    const other = await stage();
    other.broker.stop();
    await other.connection.close();
    assert.equal(other.clock.timers, 0);
  });
});

describe('a simulated broker', () => {
  it('stores retained messages for later subscribers, until an empty one replaces them', async () => {
    const { broker, connection } = await stage();
    await connection.publish('all/1/of/2', 'kept', RETAINED);
    const other = await stage({ broker, clientId: 'other' });
    assert.deepEqual(other.events, ['open', 'kept all/1/of/2 kept']);
    await connection.publish('all/1/of/2', '', RETAINED);
    assert.equal(broker.retained('all/1/of/2'), undefined);
  });

  it('reads in order what was published while it stalled', async () => {
    const { broker, connection } = await stage();
    broker.stall();
    const both = Promise.all(['1', '2'].map((payload) => connection.publish('state', payload, STATE)));
    await broker.settled();
    assert.equal(broker.published.length, 0);
    broker.resume();
    await both;
    assert.deepEqual(
      broker.published.map(({ payload }) => payload),
      ['1', '2'],
    );
  });

  it('reports its limits, and refuses messages above them and clients that the test configures', async () => {
    const broker = new SimulatedBroker();
    broker.limits = { maxPacketBytes: 20 };
    const { connection } = await stage({ broker });
    assert.equal(connection.maxPacketBytes, 20);
    await assert.rejects(connection.publish('state', 'x'.repeat(20), STATE), /the broker accepts at most 20/);
    broker.refusal = 'not authorized';
    const refused = await stage({ broker, clientId: 'other' });
    assert.deepEqual(refused.events, ['lost: not authorized']);
  });

  it('ends the older of two connections with one client id, with its will', async () => {
    const { broker, events } = await stage();
    await stage({ broker });
    assert.match(events.at(-1) ?? '', /lost: session taken over/);
    assert.deepEqual([broker.clients, broker.published.map(({ isWill }) => isWill)], [['robot'], [true]]);
  });

  it('drops a message that is too long for every client, and counts it', async () => {
    const { broker, connection, events } = await stage();
    broker.publish('order', 'x'.repeat(262_145));
    assert.deepEqual([connection.dropped, events], [1, ['open']]);
  });
});
