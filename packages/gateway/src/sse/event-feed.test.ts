import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, LOCAL } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { MemoryClient } from '../testing/memory-client.ts';
import { EventFeed } from './event-feed.ts';
import { eventFrame } from './event-frame.ts';
import type { EventSource } from './event-log.ts';
import { EventStreams } from './event-streams.ts';
import { ReadQueue } from './read-queue.ts';

interface Numbered {
  readonly id: number;
  readonly text?: string;
}

/** Position of a read: of the events after `id`, before or after they are read. */
interface Pause {
  readonly id: number;
  readonly isRead: boolean;
}

/** A log of the events 1, 2, 3, … that stores the last `capacity` events; `pause` delays each read. */
function setUp({
  capacity = Number.POSITIVE_INFINITY,
  pause = (_: Pause): Promise<void> => Promise.resolve(),
}: {
  readonly capacity?: number;
  readonly pause?: (at: Pause) => Promise<void>;
} = {}) {
  const clock = new SimulatedClock();
  const listeners = new Set<{ readonly onEvent: (event: Numbered) => void; readonly onEnd: () => void }>();
  let ended = false;
  let events: Numbered[] = [];
  let newestId = 0;
  const counts = { reads: 0, frames: 0 };
  const eventsAfter = async (id: number, limit: number) => {
    counts.reads++;
    await pause({ id, isRead: false });
    const page = {
      events: events.filter((event) => event.id > id).slice(0, limit),
      oldestId: events[0]?.id ?? 0,
      newestId,
      ended,
    };
    await pause({ id, isRead: true });
    return page;
  };
  const source: EventSource<Numbered> = {
    logs: () => [{ origin: LOCAL, eventsAfter }],
    onEvent: (listener, onEnd) => {
      const subscription = { onEvent: (event: Numbered) => listener(event, LOCAL), onEnd };
      listeners.add(subscription);
      return () => void listeners.delete(subscription);
    },
    timeOf: ({ id }) => id,
  };
  const append = (text = ''): Numbered => {
    const event = { id: ++newestId, text };
    events = [...events, event].slice(-capacity);
    return event;
  };
  const announce = (event: Numbered): void => {
    for (const { onEvent } of listeners) onEvent(event);
  };
  const end = (): void => {
    ended = true;
    for (const { onEnd } of listeners) onEnd();
  };
  const streams = new EventStreams({ clock, maxClients: 100 });
  const callFor = () => callContext({ clock, timeoutMs: 1000 });
  const feed = new EventFeed<Numbered>({
    source,
    streams,
    kind: 'faults',
    callFor,
    turnsOf: () => new ReadQueue(),
    frameOf: ({ id, text }) => {
      counts.frames++;
      return eventFrame({ id, data: text ?? '' });
    },
  });
  const open = async (lastId?: number) => {
    const stream = await feed.open(lastId === undefined ? undefined : new Map([[LOCAL, lastId]]));
    const client = new MemoryClient();
    stream.begin(client.response);
    return { stream, client, text: () => client.text, ids: () => idsIn(client.text) };
  };
  return {
    listeners,
    counts,
    append,
    announce,
    end,
    publish: (text?: string) => announce(append(text)),
    feed,
    open,
    streams,
  };
}

const idsIn = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

async function settle(rounds = 20): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe('a stream of logged events', () => {
  it('V01: begins with the last hundred events for a client that has received none', async () => {
    const { publish, open } = setUp();
    for (let n = 0; n < 150; n++) publish();
    const { ids } = await open();
    await settle();
    assert.deepEqual(ids(), upTo(51, 150));
  });

  it('V01: sends all events that a client missed, from any number of pages', async () => {
    const { publish, open } = setUp();
    for (let n = 0; n < 450; n++) publish();
    const [some, all] = [await open(20), await open(0)];
    await settle(60);
    assert.deepEqual(some.ids(), upTo(21, 450));
    assert.deepEqual(all.ids(), upTo(1, 450));
  });

  it('V01: reports how many of the missed events are lost', async () => {
    const { publish, open } = setUp({ capacity: 10 });
    for (let n = 0; n < 50; n++) publish();
    const [behind, fresh] = [await open(5), await open()];
    await settle();
    assert.match(behind.text(), /^:connected\n\n:35 events are no longer stored\n\nid: 41\n/);
    assert.deepEqual(behind.ids(), upTo(41, 50));
    assert.doesNotMatch(fresh.text(), /no longer stored/);
    assert.deepEqual(fresh.ids(), upTo(41, 50));
  });

  it('V01: sends only new events for an id that is not assigned yet', async () => {
    const { publish, open } = setUp();
    publish();
    const { ids } = await open(Number.POSITIVE_INFINITY);
    await settle();
    publish();
    await settle();
    assert.deepEqual(ids(), [2]);
  });

  it('encodes an event once for all clients', async () => {
    const { publish, open, counts } = setUp();
    const clients = [await open(), await open(), await open()];
    await settle();
    publish();
    await settle();
    assert.equal(counts.frames, 1);
    for (const { ids } of clients) assert.deepEqual(ids(), [1]);
  });

  it('reads the log once for all clients that connect together, and encodes each missed event once', async () => {
    const gate = Promise.withResolvers<void>();
    const { append, counts, open } = setUp({ pause: () => gate.promise });
    for (let event = 0; event < 150; event += 1) append();
    const opening = Array.from({ length: 90 }, (_, client) => open(client < 45 ? undefined : 50));
    gate.resolve();
    const clients = await Promise.all(opening);
    await settle();
    for (const { ids } of clients)
      assert.deepEqual(
        ids(),
        Array.from({ length: 100 }, (_, index) => index + 51),
      );
    assert.deepEqual(counts, { reads: 3, frames: 100 });
  });

  it('reads again for a client that connects after an event that a read in progress does not include', async () => {
    const held = Promise.withResolvers<void>();
    let holds = 0;
    const pause = async ({ id, isRead }: Pause): Promise<void> => {
      if (id === 1 && isRead && holds++ === 0) await held.promise;
    };
    const { append, announce, open } = setUp({ pause });
    append();
    const first = await open(0);
    await settle();
    assert.equal(holds, 1, 'the first client looks for more than it has, and there is none');
    announce(append());
    const second = await open(1);
    await settle();
    held.resolve();
    await settle();
    assert.deepEqual([first.ids(), second.ids()], [[1, 2], [2]]);
  });

  it('stops listening when its last client disconnects, and starts again with the next client', async () => {
    const { publish, open, listeners } = setUp();
    const [first, second] = [await open(), await open()];
    await settle();
    assert.equal(listeners.size, 1);
    first.client.leave();
    await settle();
    publish();
    await settle();
    assert.deepEqual([first.ids(), second.ids()], [[], [1]]);
    second.client.leave();
    await settle();
    assert.equal(listeners.size, 0);
    publish();
    const third = await open(1);
    await settle();
    assert.deepEqual(third.ids(), [2]);
  });

  it('reads no further than a slow client reads, and does not cut that client off for missed events', async () => {
    const { publish, open, counts } = setUp();
    for (let n = 0; n < 500; n++) publish('x'.repeat(20_000));
    const { stream, client, ids } = await open(0);
    client.stopReading();
    await settle(60);
    assert.equal(stream.isOver, false);
    assert.ok(client.waiting < 200_000);
    assert.equal(counts.reads, 2);
    for (let n = 0; n < 10; n++) publish('late');
    client.readNext();
    await settle(2000);
    assert.deepEqual(ids(), upTo(1, 510));
  });

  it('ends normally with its log, after each client has received all events', async () => {
    const { publish, end, open, listeners, counts } = setUp();
    for (let n = 0; n < 150; n++) publish('x'.repeat(20_000));
    const [live, slow] = [await open(150), await open(0)];
    slow.client.stopReading();
    await settle(60);
    publish();
    end();
    await settle();
    assert.deepEqual([live.ids(), live.client.isConnected], [[151], false]);
    assert.deepEqual([slow.stream.isOver, slow.client.isConnected], [false, true]);
    slow.client.readNext();
    await settle(500);
    assert.deepEqual([slow.ids(), slow.client.isConnected], [upTo(1, 151), false]);
    assert.deepEqual([live.stream.isCutOff, slow.stream.isCutOff], [false, false]);
    assert.equal(listeners.size, 0);
    const { reads } = counts;
    const after = await open(149);
    await settle();
    assert.deepEqual([after.ids(), after.client.isConnected], [[150, 151], false]);
    assert.ok(counts.reads - reads <= 3);
  });

  it('is cut off if reading the log fails', async () => {
    let reads = 0;
    const { open } = setUp({
      pause: async () => {
        if (++reads > 2) throw new Error('disk');
      },
    });
    const { stream, text } = await open();
    await settle();
    assert.equal(stream.isOver, true);
    assert.match(text(), /:disconnected: past events cannot be read/);
  });

  it('is refused if the log cannot be read, and leaves nothing behind', async () => {
    const { open, listeners, streams } = setUp({
      pause: async () => {
        throw new Error('disk');
      },
    });
    await assert.rejects(open(), /disk/);
    assert.equal(listeners.size, 0);
    assert.deepEqual(streams.health().blocks['x-medkit-event-streams']?.['clients'], 0);
  });

  for (let seed = 1; seed <= 20; seed++) {
    it(`V01: sends every event once and in order to a client that connects at any time (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
      const pause = async () => {
        while (random.float() < 0.6) await tick();
      };
      const { append, announce, open } = setUp({ pause });
      const clients: { from: number; ids: () => number[] }[] = [];
      const opening: Promise<void>[] = [];
      let written = 0;
      let waiting: Numbered[] = [];
      while (written < 300) {
        if (random.float() < 0.5) {
          waiting.push(append());
          written++;
        }
        // An event is announced some time after it is stored, in the order of ids.
        if (random.float() < 0.5) {
          for (const event of waiting) announce(event);
          waiting = [];
        }
        if (random.float() < 0.05) {
          const from = Math.floor(random.float() * (written + 1));
          opening.push(open(from).then(({ ids }) => void clients.push({ from, ids })));
        }
        if (random.float() < 0.3) await tick();
      }
      for (const event of waiting) announce(event);
      await Promise.all(opening);
      await settle(200);
      assert.ok(clients.length > 0);
      for (const { from, ids } of clients) assert.deepEqual(ids(), upTo(from + 1, 300));
    });
  }
});
