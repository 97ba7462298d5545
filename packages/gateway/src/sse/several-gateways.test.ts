import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, cursorOf, LOCAL, type Origin } from '@medkit/core';
import { type Random, seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { MemoryClient } from '../testing/memory-client.ts';
import { EventFeed } from './event-feed.ts';
import { eventFrame } from './event-frame.ts';
import type { EventLog, EventSource, LogNotice } from './event-log.ts';
import { EventStreams } from './event-streams.ts';
import { ReadQueue } from './read-queue.ts';

interface Happened {
  readonly id: number;
  readonly atMs: number;
  readonly origin: Origin;
}

/** Logs of gateways; `pause` delays each read. Reads of those that are `away` fail. */
function setUp(
  origins: readonly Origin[],
  pause: (origin: Origin) => Promise<void> = async () => undefined,
  isMarking = false,
) {
  const clock = new SimulatedClock();
  const events = new Map(origins.map((origin): [Origin, Happened[]] => [origin, []]));
  const away = new Set<Origin>();
  const listeners = new Set<(event: Happened, origin: Origin) => void>();
  let notice = (_: LogNotice): void => undefined;
  const counts = { reads: [] as string[], frames: 0 };
  let nowMs = 0;
  const logOf = (origin: Origin): EventLog<Happened> => ({
    origin,
    eventsAfter: async (after, limit) => {
      counts.reads.push(`${origin} ${after} ${limit}`);
      await pause(origin);
      if (away.has(origin)) throw new Error('no route to host');
      const all = events.get(origin) ?? [];
      const page = all.filter(({ id }) => id > after).slice(0, limit);
      await pause(origin);
      return { events: page, oldestId: all[0]?.id ?? 0, newestId: all.at(-1)?.id ?? 0 };
    },
  });
  const source: EventSource<Happened> = {
    logs: () => [...events.keys()].map(logOf),
    onEvent: (listener, _onEnd, onNotice) => {
      listeners.add(listener);
      notice = onNotice;
      return () => void listeners.delete(listener);
    },
    timeOf: ({ atMs }) => atMs,
  };
  const append = (origin: Origin): Happened => {
    const all = events.get(origin) ?? [];
    events.set(origin, all);
    const event = { id: (all.at(-1)?.id ?? 0) + 1, atMs: ++nowMs, origin };
    all.push(event);
    return event;
  };
  const announce = (event: Happened): void => {
    for (const listener of listeners) listener(event, event.origin);
  };
  const streams = new EventStreams({ clock, maxClients: 1000 });
  const turns = new Map(origins.map((origin) => [origin, new ReadQueue()]));
  const feed = new EventFeed<Happened>({
    source,
    streams,
    kind: 'faults',
    callFor: () => callContext({ clock, timeoutMs: 1000 }),
    turnsOf: (origin) => turns.get(origin) ?? new ReadQueue(),
    isMarking,
    frameOf: (event, { id, origin }) => {
      counts.frames++;
      return eventFrame({ id, event: origin, data: String(event.id) });
    },
  });
  const open = async (lastId?: string) => {
    const stream = await feed.open(cursorOf(lastId));
    const client = new MemoryClient();
    stream.begin(client.response);
    return { client, received: () => idsIn(client.text), lastId: () => lastIdIn(client.text) };
  };
  return {
    events,
    away,
    counts,
    append,
    announce,
    notice: (logNotice: LogNotice) => notice(logNotice),
    open,
    publish: (...of: readonly Origin[]) => {
      for (const origin of of) announce(append(origin));
    },
  };
}

/** As `local 3`, in order of arrival. */
const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^event: (.+)\ndata: (\d+)$/gm)].map(([, origin, id]) => `${origin} ${id}`);
const lastIdIn = (text: string): string | undefined => [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1];

async function settle(rounds = 30): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('a stream of the events of several gateways', () => {
  it('has past events of all gateways in order of time, then new ones, each with an id of all positions', async () => {
    const { publish, open } = setUp([LOCAL, 'peer_b']);
    publish(LOCAL, 'peer_b', 'peer_b', LOCAL);
    const { client, received } = await open();
    await settle();
    publish('peer_b', LOCAL);
    await settle();
    assert.deepEqual(received(), ['local 1', 'peer_b 1', 'peer_b 2', 'local 2', 'peer_b 3', 'local 3']);
    assert.deepEqual(
      [...client.text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id),
      ['1~peer_b.0', '1~peer_b.1', '1~peer_b.2', '2~peer_b.2', '2~peer_b.3', '3~peer_b.3'],
    );
  });

  it('continues for each gateway at the last event of the client, and with new events of an unknown gateway', async () => {
    const { publish, open } = setUp([LOCAL, 'peer_b', 'peer_c']);
    publish(LOCAL, LOCAL, 'peer_b', 'peer_b', 'peer_c', 'peer_c');
    const [old, one, both] = [await open('1'), await open('2~peer_b.1'), await open('2~peer_b.2~peer_c.1')];
    await settle();
    publish('peer_c');
    await settle();
    assert.deepEqual(old.received(), ['local 2', 'peer_c 3']);
    assert.deepEqual(one.received(), ['peer_b 2', 'peer_c 3']);
    assert.deepEqual(both.received(), ['peer_c 2', 'peer_c 3']);
    assert.deepEqual([old.lastId(), one.lastId(), both.lastId()], Array(3).fill('2~peer_b.2~peer_c.3'));
  });

  it('encodes a frame once for all clients at the same positions', async () => {
    const { publish, open, counts } = setUp([LOCAL, 'peer_b']);
    publish(LOCAL, 'peer_b');
    const clients = await Promise.all(Array.from({ length: 50 }, () => open('0~peer_b.0')));
    await settle();
    const { frames } = counts;
    publish('peer_b', LOCAL, 'peer_b');
    await settle();
    assert.deepEqual([frames, counts.frames], [2, 5]);
    for (const { received } of clients) assert.equal(received().length, 5);
  });

  it('reads the missed events of many clients once at each of twenty gateways', async () => {
    const peers = Array.from({ length: 20 }, (_, n) => `peer_${n}`);
    const { publish, open, counts } = setUp([LOCAL, ...peers]);
    publish(LOCAL, ...peers, ...peers);
    const seen = ['0', ...peers.map((peer) => `${peer}.1`)].join('~');
    const clients = await Promise.all(Array.from({ length: 200 }, () => open(seen)));
    await settle();
    for (const { received } of clients) assert.equal(received().length, 21);
    // One read for the end of the log, one for the missed events, and one that finds no more.
    assert.deepEqual(
      counts.reads.filter((read) => read.startsWith('peer_7 ')),
      ['peer_7 0 0', 'peer_7 1 100', 'peer_7 2 100'],
    );
  });

  it('reports a gateway that cannot be read, and sends its past events when the client reconnects', async () => {
    const { publish, open, away } = setUp([LOCAL, 'peer_b']);
    publish(LOCAL, 'peer_b', 'peer_b');
    away.add('peer_b');
    const first = await open('0~peer_b.1');
    await settle();
    publish(LOCAL);
    await settle();
    assert.match(first.client.text, /^:past events of peer_b cannot be read now$/m);
    assert.deepEqual([first.received(), first.lastId()], [['local 1', 'local 2'], '2~peer_b.1']);
    away.delete('peer_b');
    const second = await open(first.lastId());
    await settle();
    assert.deepEqual(second.received(), ['peer_b 2']);
    publish('peer_b');
    await settle();
    assert.deepEqual([first.received().at(-1), second.received().at(-1)], ['peer_b 3', 'peer_b 3']);
  });

  it('sends the past events of an unreadable gateway once it can be read, from the position of the client on', async () => {
    const { publish, open, away, notice } = setUp([LOCAL, 'peer_b']);
    publish(LOCAL, 'peer_b', 'peer_b');
    away.add('peer_b');
    const [behind, fresh] = [await open('0~peer_b.1'), await open()];
    await settle();
    publish('peer_b', LOCAL);
    await settle();
    assert.deepEqual([behind.received(), behind.lastId()], [['local 1', 'local 2'], '2~peer_b.1']);
    away.delete('peer_b');
    notice({ is: 'there', origin: 'peer_b', newestId: 3, isFound: true });
    await settle();
    publish('peer_b');
    await settle();
    const all = ['peer_b 1', 'peer_b 2', 'peer_b 3', 'peer_b 4'];
    assert.deepEqual(behind.received().slice(2), all.slice(1));
    assert.deepEqual(fresh.received().slice(2), all);
    assert.equal(behind.client.text.match(/cannot be read now/g)?.length, 1);
  });

  it('sends all events of a gateway that restarts its numbers, whatever position the client had', async () => {
    const { publish, open, events, notice } = setUp([LOCAL, 'peer_b']);
    publish('peer_b', 'peer_b', 'peer_b');
    const live = await open('0~peer_b.2');
    await settle();
    events.set('peer_b', []);
    notice({ is: 'restarted', origin: 'peer_b' });
    publish('peer_b');
    const back = await open('0~peer_b.3');
    await settle();
    assert.deepEqual([live.received(), back.received()], [['peer_b 3', 'peer_b 1'], ['peer_b 1']]);
    for (const { client } of [live, back]) assert.match(client.text, /^:events of peer_b have a new numbering$/m);
    assert.equal(live.lastId(), '0~peer_b.1');
  });

  it('keeps the position of a client for an unknown gateway until that gateway is found', async () => {
    const { publish, open, events, notice } = setUp([LOCAL]);
    const { received, lastId } = await open('0~peer_b.1');
    await settle();
    publish(LOCAL);
    await settle();
    assert.equal(lastId(), '1~peer_b.1');
    events.set(
      'peer_b',
      [2, 3].map((id) => ({ id, atMs: id, origin: 'peer_b' })),
    );
    notice({ is: 'there', origin: 'peer_b', newestId: 3, isFound: true });
    await settle();
    assert.deepEqual(received(), ['local 1', 'peer_b 2', 'peer_b 3']);
  });

  it('sends the position to a gateway as an id without data, after the past events and when another gateway is found', async () => {
    const { publish, open, notice, events } = setUp([LOCAL, 'peer_b'], undefined, true);
    publish(LOCAL, 'peer_b');
    const { client } = await open('0~peer_b.1');
    await settle();
    events.set('peer_c', []);
    notice({ is: 'there', origin: 'peer_c', newestId: 0, isFound: true });
    await settle();
    assert.match(client.text, /data: 1\n\nid: 1~peer_b.1\n\nid: 1~peer_b.1~peer_c.0\n\n$/);
  });

  it('reports how many events of which gateway are lost', async () => {
    const { publish, open, events } = setUp([LOCAL, 'peer_b']);
    publish(LOCAL, 'peer_b', 'peer_b', 'peer_b', 'peer_b');
    events.get('peer_b')?.splice(0, 3);
    const { client, received } = await open('1~peer_b.1');
    await settle();
    assert.match(client.text, /^:2 events of peer_b are no longer stored$/m);
    assert.deepEqual(received(), ['peer_b 4']);
  });

  it('includes a gateway that is added while the stream is open, from its first event on', async () => {
    const { publish, open } = setUp([LOCAL]);
    publish(LOCAL);
    const { received, lastId } = await open('0');
    await settle();
    publish('peer_b', LOCAL);
    await settle();
    assert.deepEqual([received(), lastId()], [['local 1', 'peer_b 1', 'local 2'], '2~peer_b.1']);
  });

  for (let seed = 1; seed <= 20; seed++) {
    it(`has every event once and in the order of its gateway, for clients that reconnect at any time (seed ${seed})`, async () => {
      await comeAndGo(seededRandom(seed));
    });
  }
});

/** Clients that disconnect at random times and reconnect with the last id received. */
async function comeAndGo(random: Random): Promise<void> {
  const origins = [LOCAL, 'peer_b', 'peer_c'];
  const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
  const scene = setUp(origins, async () => {
    while (random.float() < 0.5) await tick();
  });
  const clients = Array.from({ length: 5 }, () => ({
    past: [] as string[],
    lastId: '0~peer_b.0~peer_c.0' as string | undefined,
    now: undefined as Awaited<ReturnType<typeof scene.open>> | undefined,
  }));
  const come = async (client: (typeof clients)[number]): Promise<void> => {
    client.now = await scene.open(client.lastId);
  };
  const leave = (client: (typeof clients)[number]): void => {
    if (!client.now) return;
    client.past.push(...client.now.received());
    client.lastId = client.now.lastId() ?? client.lastId;
    client.now.client.leave();
    client.now = undefined;
  };
  let waiting: Happened[] = [];
  for (let written = 0; written < 150; ) {
    if (random.float() < 0.5) {
      waiting.push(scene.append(origins[Math.floor(random.float() * origins.length)] ?? LOCAL));
      written++;
    }
    // An event is announced some time after it is stored, in the order of ids.
    if (random.float() < 0.5) {
      for (const event of waiting) scene.announce(event);
      waiting = [];
    }
    for (const client of clients) {
      if (client.now && random.float() < 0.05) leave(client);
      else if (!client.now && random.float() < 0.2) await come(client);
    }
    if (random.float() < 0.3) await tick();
  }
  for (const event of waiting) scene.announce(event);
  for (const client of clients) if (!client.now) await come(client);
  await settle(300);
  for (const client of clients) {
    leave(client);
    for (const origin of origins) {
      const expected = (scene.events.get(origin) ?? []).map(({ id }) => `${origin} ${id}`);
      assert.deepEqual(
        client.past.filter((line) => line.startsWith(`${origin} `)),
        expected,
      );
    }
  }
}
