import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { FaultStreamEvent } from '@medkit/contract';
import type { FaultEvent } from '@medkit/core';
import { fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { Compile } from 'typebox/compile';
import { SHARED_HEALTH_MS } from '../health/shared-health.ts';
import { closeServer } from '../http/close-server.ts';
import { listen } from '../listen.ts';
import { testGateway } from '../testing/test-gateway.ts';

const HOST = '127.0.0.1';
const PATIENCE_MS = 5000;

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A gateway that listens on loopback, with a log of `past` fault events. */
async function setUp(
  past: readonly FaultEvent[] = [],
  changes: Parameters<typeof testGateway>[0] = {},
  onCall?: () => Promise<void>,
) {
  const events = [...past];
  const gateway = await testGateway(changes, undefined, {
    faults: memoryFaults({ events, ...(onCall && { onCall }) }),
  });
  const port = await listen(gateway.app, { host: HOST, port: 0, clock: systemClock });
  cleanUps.push(() => closeServer(gateway.app, systemClock));
  return {
    ...gateway,
    publish: (event: FaultEvent) => {
      events.push(event);
      gateway.model.events.emit('fault.event', { runtime: 'memory', event });
    },
    clients: async () => {
      gateway.clock.advance(SHARED_HEALTH_MS);
      const reply = await gateway.app.inject({ url: '/api/v1/health', headers: { host: 'localhost' } });
      return reply.json()['x-medkit-event-streams'].clients as number;
    },
    get: (headers: Readonly<Record<string, string>> = {}, query = '') =>
      fetch(`http://${HOST}:${port}/api/v1/faults/stream${query}`, { headers }),
    /** Opens a connection and requests the stream; received data is in `text`. */
    follow: (headers = '', query = ''): Follower => {
      const socket = connect(port, HOST, () =>
        socket.write(`GET /api/v1/faults/stream${query} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`),
      );
      cleanUps.push(() => socket.destroy());
      const follower = { socket, text: '', closed: false };
      socket.setEncoding('utf8').on('data', (data) => {
        follower.text += data;
      });
      socket.on('close', () => {
        follower.closed = true;
      });
      socket.on('error', () => undefined);
      return follower;
    },
  };
}

interface Follower {
  readonly socket: Socket;
  readonly text: string;
  readonly closed: boolean;
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < endMs, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const idsIn = ({ text }: Follower) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);
const numbered = (count: number) => upTo(1, count).map((id) => faultEvent(id));

/** Parses a `text/event-stream` body as the clients of ros2_medkit do: lines end at line feeds alone. */
function eventsIn(body: string) {
  return body
    .split('\n\n')
    .map((frame) => frame.split('\n').filter((line) => !line.startsWith(':')))
    .filter((lines) => lines.some((line) => line !== ''))
    .map((lines) => Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2))));
}

describe('GET /faults/stream', () => {
  it('answers with headers immediately, also without events', async () => {
    const { get } = await setUp();
    const reply = await get();
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get('content-type'), 'text/event-stream');
    assert.equal(reply.headers.get('cache-control'), 'no-cache');
    assert.equal(reply.headers.get('x-accel-buffering'), 'no');
    await reply.body?.cancel();
  });

  it('sends past and new events in the frames that clients know', async () => {
    const { get, publish, app } = await setUp([
      faultEvent(7, { fault: fault('SCAN_LOST'), timeNs: 1_770_201_000_123_000_000n }),
    ]);
    const reply = await get();
    publish(
      faultEvent(8, {
        type: 'fault_cleared',
        fault: fault('ROOT', { status: 'CLEARED', sources: ['/unknown'] }),
        autoClearedCodes: ['SYMPTOM'],
      }),
    );
    const closed = closeServer(app, systemClock);
    const body = await reply.text();
    await closed;
    assert.doesNotMatch(body, /\r/);
    const [first, second, ...more] = eventsIn(body);
    assert.equal(more.length, 0);
    assert.deepEqual([first?.['id'], first?.['event']], ['7', 'fault_confirmed']);
    assert.deepEqual([second?.['id'], second?.['event']], ['8', 'fault_cleared']);
    const [confirmed, cleared] = [JSON.parse(first?.['data'] ?? ''), JSON.parse(second?.['data'] ?? '')];
    for (const data of [confirmed, cleared]) assert.deepEqual(Compile(FaultStreamEvent).Errors(data), []);
    assert.equal(confirmed.event_type, 'fault_confirmed');
    assert.equal(confirmed.timestamp, 1770201000.123);
    assert.equal(confirmed.fault.fault_code, 'SCAN_LOST');
    assert.deepEqual(confirmed['x-medkit'], { entity_type: 'apps', entity_id: 'lidar_driver' });
    assert.equal('auto_cleared_codes' in confirmed, false);
    assert.deepEqual(cleared.auto_cleared_codes, ['SYMPTOM']);
    assert.deepEqual(
      cleared['x-medkit'],
      { entity_type: 'components', entity_id: 'amr_01' },
      'the host of an unknown reporter',
    );
  });

  it('sends fault_healed for a healed fault, and then fault_cleared for clients that do not know fault_healed', async () => {
    const healed = fault('PACK', { status: 'HEALED', healedAtNs: 1_770_201_000_500_000_000n });
    const { get, app } = await setUp([
      faultEvent(1, { type: 'fault_cleared', fault: fault('GONE', { status: 'CLEARED' }) }),
      faultEvent(2, { type: 'fault_cleared', fault: healed }),
    ]);
    const received = async (query: string) => {
      const reply = await get({}, query);
      await closeServer(app, systemClock);
      return eventsIn(await reply.text());
    };
    const events = await received('');
    assert.deepEqual(
      events.map(({ id, event }) => [id, event]),
      // This event has no id: a client that lost the second one receives both again.
      [
        ['1', 'fault_cleared'],
        [undefined, 'fault_healed'],
        ['2', 'fault_cleared'],
      ],
    );
    for (const { event, data } of events) {
      assert.deepEqual(Compile(FaultStreamEvent).Errors(JSON.parse(data)), []);
      assert.equal(JSON.parse(data).event_type, event);
    }
    assert.equal(JSON.parse(events[1]?.['data'] ?? '').fault.healed_at, 1770201000.5);
  });

  it('sends only the requested types, the last hundred past events of these and all new ones', async () => {
    const rare = (id: number) => id % 500 === 0;
    const past = upTo(1, 2000).map((id) => faultEvent(id, { type: rare(id) ? 'fault_confirmed' : 'fault_updated' }));
    const { follow, publish } = await setUp(past);
    const confirmed = follow('', '?types=fault_confirmed,%20fault_healed');
    const since = follow('Last-Event-ID: 1000\r\n', '?types=fault_confirmed,fault_healed');
    const updated = follow('', '?types=fault_updated');
    await until('the rare ones are there', () => idsIn(confirmed).length === 4);
    await until('the last updates are there', () => idsIn(updated).length === 100);
    publish(faultEvent(2001, { type: 'fault_updated' }));
    publish(faultEvent(2002, { type: 'fault_cleared', fault: fault('PACK', { status: 'HEALED' }) }));
    publish(faultEvent(2003, { type: 'fault_cleared', fault: fault('GONE', { status: 'CLEARED' }) }));
    publish(faultEvent(2004));
    await until('the last is there', () => [confirmed, since].every((each) => idsIn(each).at(-1) === 2004));
    assert.deepEqual(idsIn(confirmed), [500, 1000, 1500, 2000, 2002, 2004]);
    assert.deepEqual(idsIn(since), [1500, 2000, 2002, 2004]);
    assert.match(confirmed.text, /id: 2002\nevent: fault_healed\n/);
    assert.doesNotMatch(confirmed.text, /event: fault_(?:cleared|updated)/);
    await until('updates are there', () => idsIn(updated).at(-1) === 2001);
    assert.equal(idsIn(updated).length, 101);
  });

  it('rejects unknown types', async () => {
    const { get } = await setUp();
    const reply = await get({}, '?types=fault_confirmed,fault_heald');
    assert.equal(reply.status, 400);
    assert.deepEqual(((await reply.json()) as { parameters: unknown }).parameters, {
      allowed_values: 'fault_confirmed, fault_updated, fault_healed, fault_cleared',
      parameter: 'types',
      value: 'fault_heald',
    });
  });

  it('continues after the last event of a client, and sends everything for an invalid id', async () => {
    const { follow, publish } = await setUp(numbered(50));
    const followers: [Follower, number[]][] = [
      [follow('Last-Event-ID: 48\r\n'), upTo(49, 51)],
      [follow('Last-Event-ID: -1\r\n'), upTo(1, 51)],
      [follow('Last-Event-ID: not-a-number\r\n'), upTo(1, 51)],
      [follow(), upTo(1, 51)],
      [follow('Last-Event-ID: 99999999999999999999\r\n'), [51]],
    ];
    for (const [follower] of followers) await until('it is connected', () => follower.text.includes(':connected'));
    publish(faultEvent(51));
    for (const [follower, expected] of followers) {
      await until('all events are there', () => idsIn(follower).length === expected.length);
      assert.deepEqual(idsIn(follower), expected);
    }
  });

  it('is kept alive without events', async () => {
    const { follow, clock } = await setUp();
    const follower = follow();
    await until('it is connected', () => follower.text.includes(':connected'));
    clock.advance(30_000);
    await until('it is kept alive', () => follower.text.includes(':keepalive\n\n'));
  });

  it('releases everything when a client disconnects', async () => {
    const { follow, clients, publish, clock } = await setUp(numbered(3));
    // Wait until the one-time timers of the start have fired.
    clock.advance(1000);
    const idle = clock.timers;
    const [stays, goes] = [follow(), follow()];
    await until('both are connected', async () => (await clients()) === 2);
    goes.socket.destroy();
    await until('one is gone', async () => (await clients()) === 1);
    publish(faultEvent(4));
    await until('the other has it', () => idsIn(stays).length === 4);
    stays.socket.resetAndDestroy();
    await until('the other is gone', async () => (await clients()) === 0);
    assert.equal(clock.timers, idle);
  });

  it('keeps nothing of a client that disconnects before its stream begins', async () => {
    const requested = Promise.withResolvers<void>();
    const noticed = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { follow, app, clients, clock } = await setUp(numbered(3), {}, () => {
      requested.resolve();
      return released.promise;
    });
    // Wait until the one-time timers of the start have fired.
    clock.advance(1000);
    const idle = clock.timers;
    app.server.once('connection', (served: Socket) => served.once('close', () => noticed.resolve()));
    const { socket } = follow();
    await requested.promise;
    socket.resetAndDestroy();
    await noticed.promise;
    released.resolve();
    // No event reports that no stream begins: by this time it would have begun.
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await clients(), 0);
    assert.equal(clock.timers, idle);
  });

  it('cuts off a client that reads too slowly, sends it the reason, and lets it reconnect', async () => {
    const { follow, publish, clients, clock } = await setUp();
    const [slow, quick] = [follow(), follow()];
    await until('both are connected', async () => (await clients()) === 2);
    slow.socket.pause();
    const description = 'x'.repeat(200_000);
    // Some 16 MB: the system buffers a few for a connection before anything waits here.
    const count = 40;
    for (let id = 1; id <= count; id++) {
      publish(faultEvent(id, { fault: fault('LONG', { description }) }));
      await until('the quick client has it', () => quick.text.slice(-500_000).includes(`id: ${id}\n`));
    }
    slow.socket.resume();
    await until('it reads why', () => slow.text.includes(':disconnected: more than 1048576 bytes behind'));
    clock.advance(5000);
    await until('it is cut off', () => slow.closed);
    assert.ok(!slow.text.endsWith('0\r\n\r\n'), 'a stream that ended in good order is not come back to');
    const seen = idsIn(slow).at(-1) ?? 0;
    assert.deepEqual(idsIn(slow), upTo(1, seen));
    const again = follow(`Last-Event-ID: ${seen}\r\n`);
    await until('it has the rest', () => idsIn(again).at(-1) === count);
    assert.deepEqual(idsIn(again), upTo(seen + 1, count));
    assert.deepEqual(idsIn(quick), upTo(1, count));
  });

  it('is refused beyond sse.max_clients, and accepted once a client has disconnected', async () => {
    const { follow, get, clients } = await setUp([], { sse: { max_clients: 2 } });
    const [first] = [follow(), follow()];
    await until('two are connected', async () => (await clients()) === 2);
    const refused = await get();
    assert.equal(refused.status, 503);
    assert.deepEqual(await refused.json(), {
      error_code: 'service-unavailable',
      message: 'There are already 2 event streams, the maximum: close one, or raise sse.max_clients',
      parameters: { max_clients: 2 },
    });
    first?.socket.destroy();
    await until('one is gone', async () => (await clients()) === 1);
    const admitted = await get();
    assert.equal(admitted.status, 200);
    await admitted.body?.cancel();
  });

  it('ends normally when the gateway stops', async () => {
    const { app, follow, clients } = await setUp(numbered(2));
    const follower = follow();
    await until('it is connected', async () => (await clients()) === 1 && idsIn(follower).length === 2);
    await closeServer(app, systemClock);
    await until('the connection is over', () => follower.closed);
    assert.ok(follower.text.endsWith('0\r\n\r\n'), 'the stream broke off');
  });

  it('answers HEAD without a stream', async () => {
    const { app, clients } = await setUp();
    const reply = await app.inject({ method: 'HEAD', url: '/api/v1/faults/stream', headers: { host: 'localhost' } });
    assert.deepEqual([reply.statusCode, reply.body], [200, '']);
    assert.equal(await clients(), 0);
  });

  it('requires the same authorisation as every route', async () => {
    const token = 'a-token-of-twenty-four-chars';
    const { get } = await setUp([], { server: { token }, cors: { allowed_origins: ['https://app.foxglove.dev'] } });
    assert.equal((await get()).status, 401);
    assert.equal((await get({ origin: 'https://evil.example', authorization: `Bearer ${token}` })).status, 403);
    const admitted = await get({ origin: 'https://app.foxglove.dev', authorization: `Bearer ${token}` });
    assert.equal(admitted.status, 200);
    assert.equal(admitted.headers.get('access-control-allow-origin'), 'https://app.foxglove.dev');
    await admitted.body?.cancel();
  });
});
