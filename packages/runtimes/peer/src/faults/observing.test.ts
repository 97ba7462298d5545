import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { callContext, type ObservedFault } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { PeerLink } from '../peer-link.ts';
import { observing } from './observing.ts';

/** A connection to a gateway's fault stream, controlled by the test. */
class Connection {
  readonly lastId: string | undefined;
  readonly via: string | undefined;
  isClosed = false;
  readonly #parts: string[] = [];
  #wake = (): void => undefined;

  constructor(headers: Readonly<Record<string, string>>) {
    this.lastId = headers['last-event-id'];
    this.via = headers['x-medkit-via'];
  }

  say(...parts: readonly string[]): void {
    this.#parts.push(...parts);
    this.#wake();
  }

  close(): void {
    this.isClosed = true;
    this.#wake();
  }

  async *body(): AsyncGenerator<Uint8Array> {
    while (!this.isClosed) {
      const part = this.#parts.shift();
      if (part !== undefined) yield Buffer.from(part);
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
    throw new Error('closed');
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn++) await soon();
};

/** Returns an event in the format of ros2_medkit. */
const frame = (id: number | string, more: object = {}): string => {
  const fault = { fault_code: `F${id}`, severity: 2, status: 'CONFIRMED' };
  const data = { event_type: 'fault_confirmed', fault, timestamp: 1_770_201_000.5, ...more };
  return `id: ${id}\nevent: fault_confirmed\ndata: ${JSON.stringify(data)}\n\n`;
};

/** Follows a gateway; `isMarking` is true for a medkit. */
function setUp({ isMarking = true, via = ['head'] } = {}) {
  const clock = new SimulatedClock();
  const connections: Connection[] = [];
  const listeners = new Set<() => void>();
  const state = { isThere: true };
  const link = new PeerLink(
    { name: 'yard', url: 'http://yard:1' },
    {
      clock,
      names: { addressesOf: async () => ['10.0.0.7'] },
      http: {
        async open({ headers, signal }) {
          const connection = new Connection(headers);
          signal?.addEventListener('abort', () => connection.close());
          connections.push(connection);
          const close = (): void => connection.close();
          return { status: 200, headers: {}, body: connection.body(), close };
        },
      },
    },
  );
  const closing = new AbortController();
  const provider = observing({
    link,
    clock,
    random: { float: () => 0 },
    alreadyFollowed: () => [],
    timeoutMs: 2000,
    followedGateway: () => (state.isThere ? { name: 'yard', instance: 'y1', isMarking } : undefined),
    onAvailable: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isNew: ({ gateways }) => !gateways.includes('head'),
    closing: closing.signal,
  });
  const notifications: string[] = [];
  const events: ObservedFault[] = [];
  const watch = provider.follow(
    '',
    {
      onEvent: (event) => {
        notifications.push(`${event.origin} ${event.id}`);
        events.push(event);
      },
      onAvailable: (newest, found) =>
        notifications.push(`there ${[...newest].flat().join(' ')}, found ${found.join()}`),
      onUnavailable: () => notifications.push('away'),
      onLost: (origin, count) => notifications.push(`lost ${count} of ${origin}`),
      onRestart: (origin) => notifications.push(`restart ${origin}`),
    },
    callContext({ clock, timeoutMs: 1000, via }),
  );
  const after = (origin: string, id: number, limit = 100) =>
    provider.faultsAfter('', origin, id, limit, callContext({ clock, timeoutMs: 1000, via }));
  const last = (): Connection => connections.at(-1) ?? assert.fail('nothing was opened');
  const there = (): void => {
    state.isThere = true;
    for (const listener of listeners) listener();
  };
  const take = async () => {
    await settle();
    return notifications.splice(0);
  };
  return { clock, connections, state, notifications, events, watch, after, last, there, take, listeners };
}

describe('fault events of another gateway', () => {
  it('are received from the connection on, and continue after the last event after a disconnection, with the lost ones', async () => {
    const { take, last, clock, connections } = setUp();
    await settle();
    assert.deepEqual([last().lastId, last().via], ['9007199254740991', 'head']);
    last().say(
      ':connected\n\nid: 7~crane.3\n\n',
      frame('8~crane.3'),
      frame('8~crane.4', { 'x-medkit-origin': 'crane' }),
    );
    const first = ['there yard 7 yard/crane 3, found yard,yard/crane', 'yard 8', 'yard/crane 4'];
    assert.deepEqual(await take(), first);
    last().close();
    assert.deepEqual(await take(), ['away']);
    await clock.advanceAsync(250);
    await settle();
    assert.deepEqual([connections.length, last().lastId], [2, '8~crane.4']);
    last().say(frame('11~crane.4'), 'id: 11~crane.4\n\n', frame('13~crane.4'));
    const second = ['lost 2 of yard', 'yard 11', 'there yard 11 yard/crane 4, found ', 'yard 13'];
    assert.deepEqual(await take(), second);
  });

  for (const { what, first } of [
    { what: 'its numbers restart', first: [] },
    { what: 'an event with a restarted number arrives before its position', first: [frame(3)] },
  ]) {
    it(`are received from the first event on if ${what}`, async () => {
      const { take, last, clock } = setUp();
      await settle();
      last().say('id: 57\n\n');
      await take();
      last().close();
      await settle();
      await clock.advanceAsync(250);
      await settle();
      last().say(...first, 'id: 3\n\n');
      assert.deepEqual(await take(), ['away', 'restart yard']);
      assert.equal(last().lastId, '0');
      last().say(frame(1), frame(2), frame(3), 'id: 3\n\n');
      assert.deepEqual(await take(), ['yard 1', 'yard 2', 'yard 3', 'there yard 3, found ']);
    });
  }

  it('are requested slowly if their numbers restart all the time', async () => {
    const { connections, clock } = setUp();
    for (let id = 1000; id > 900; id--) {
      connections.at(-1)?.say(`id: ${id}\n\n`);
      await settle();
    }
    assert.ok(connections.length < 4, `${connections.length} connections in no time`);
    await clock.advanceAsync(250);
    await settle();
    assert.equal(connections.at(-1)?.isClosed, false);
  });

  it('are followed immediately when the gateway is online again, and every five seconds at most while it is not', async () => {
    const { take, state, connections, there, clock, listeners, watch } = setUp();
    await settle();
    state.isThere = false;
    connections[0]?.close();
    await settle();
    for (let second = 0; second < 60; second++) await clock.advanceAsync(1000);
    assert.equal(connections.length, 1);
    there();
    await settle();
    assert.equal(connections.length, 2);
    assert.equal((await take()).filter((line) => line === 'away').length < 20, true);
    await (await watch).close();
    assert.deepEqual([connections[1]?.isClosed, listeners.size], [true, 0]);
  });

  it('include the past on request, page by page, of one log alone', async () => {
    const { after, last, connections } = setUp();
    await settle();
    const page = after('yard/crane', 4, 2);
    await settle();
    assert.equal(last().lastId, '9007199254740991~crane.4');
    const crane = { 'x-medkit-origin': 'crane' };
    last().say(frame('9~crane.5', crane), frame('10~crane.5'), frame('10~crane.6', crane), frame('10~crane.7', crane));
    assert.deepEqual(
      (await page).map(({ origin, id }) => `${origin} ${id}`),
      ['yard/crane 5', 'yard/crane 6'],
    );
    await settle();
    assert.deepEqual(
      connections.map(({ isClosed }) => isClosed),
      [false, true],
    );
    const rest = after('yard', 6);
    await settle();
    assert.equal(last().lastId, '6');
    last().say(frame('7~crane.5'), 'id: 7~crane.5\n\n');
    assert.deepEqual(
      (await rest).map(({ id }) => id),
      [7],
    );
  });

  it('are not sent back to a gateway on the path, nor accepted with an invalid path', async () => {
    const circle = setUp({ via: ['y1', 'head'] });
    await settle();
    assert.equal(circle.connections.length, 0);
    const { take, last, events } = setUp();
    await settle();
    const by = (...gateways: readonly unknown[]) => ({ 'x-medkit-gateways': gateways });
    last().say('id: 0\n\n', frame(1, by('head')), frame(2, by('z9')), frame(3, by(7)), frame(4, by(...'abcdefgh')));
    assert.deepEqual(await take(), ['there yard 0, found yard', 'yard 2']);
    assert.deepEqual(events[0]?.gateways, ['z9', 'y1']);
  });

  it('of a gateway without positions are those later than half a second after the start, and its past the earlier ones', async () => {
    const { take, last, clock, after } = setUp({ isMarking: false });
    await settle();
    assert.equal(last().lastId, undefined);
    last().say(frame(41), frame(42));
    assert.deepEqual(await take(), []);
    await clock.advanceAsync(500);
    assert.deepEqual(await take(), ['there yard 42, found yard']);
    last().say(frame(43), frame(45));
    assert.deepEqual(await take(), ['yard 43', 'yard 45']);
    const ids = async (id: number) => (await after('yard', id)).map((event) => event.id);
    assert.deepEqual([await ids(0), await ids(43)], [[41, 42, 43, 45], [45]]);
    last().close();
    await settle();
    await clock.advanceAsync(250);
    await settle();
    assert.equal(last().lastId, undefined, 'what it has is compared with what is known');
    last().say(frame(43), frame(45), frame(48));
    await settle();
    await clock.advanceAsync(500);
    assert.deepEqual(await take(), ['away', 'lost 2 of yard', 'yard 48', 'there yard 48, found ']);
  });

  for (const [what, count, timestamp] of [
    ['fewer events than before', 2, 1_770_201_000.5],
    ['as many as before', 3, 1_770_202_000.5],
  ] as const) {
    it(`of a gateway without positions are all that it has, if it was restarted and has ${what}`, async () => {
      const { take, last, clock, after } = setUp({ isMarking: false });
      await settle();
      for (const id of [1, 2, 3]) last().say(frame(id));
      await settle();
      await clock.advanceAsync(500);
      await take();
      last().close();
      await settle();
      await clock.advanceAsync(250);
      await settle();
      const ids = Array.from({ length: count }, (_, at) => at + 1);
      for (const id of ids) last().say(frame(id, { timestamp }));
      await settle();
      await clock.advanceAsync(500);
      const expected = ['away', 'restart yard', ...ids.map((id) => `yard ${id}`), `there yard ${count}, found `];
      assert.deepEqual(await take(), expected);
      assert.equal((await after('yard', 0)).length, count);
    });
  }

  it('report healing by the status of the cleared fault, whichever gateway reports it', async () => {
    const { last, events } = setUp();
    await settle();
    const healed = { fault_code: 'A', status: 'HEALED' };
    last().say('id: 1\n\n', frame(1, { event_type: 'fault_healed', fault: healed }));
    last().say(frame(2, { event_type: 'fault_cleared', fault: healed }), frame(3, { event_type: 'fault_cleared' }));
    await settle();
    assert.deepEqual(
      events.map(({ id, news }) => [id, ...news]),
      [
        [2, 'fault_healed', 'fault_cleared'],
        [3, 'fault_cleared'],
      ],
    );
  });

  it('cause no harm, whatever they contain: invalid events are dropped, and the number waiting is bounded', async () => {
    const { take, last, clock, notifications } = setUp();
    await settle();
    last().say('id: 0\n\n');
    await take();
    const nonsense = ['null', '7', '"x"', '[]', '{', '{"event_type":"fault_confirmed"}', '{"fault":{"fault_code":7}}'];
    for (const data of nonsense) last().say(`id: 1\ndata: ${data}\n\n`);
    last().say(frame('x'), frame(-1), frame('1~~'), frame('9'.repeat(400)), frame(1, { event_type: 'gone' }));
    last().say(frame(1, { 'x-medkit-origin': 'x'.repeat(300) }), frame(1, { 'x-medkit-origin': {} }));
    assert.deepEqual(await take(), []);
    const many = Array.from({ length: 100 }, (_, at) => frame(`0~p${at}.1`, { 'x-medkit-origin': `p${at}` }));
    last().say(many.join(''));
    assert.equal((await take()).length, 63, 'no more logs than there may be');
    last().say(Array.from({ length: 3000 }, (_, at) => frame(at + 1)).join(''));
    await settle();
    assert.ok(notifications.length < 1000, `${notifications.length} events in no time`);
    for (let second = 0; second < 4; second++) {
      await clock.advanceAsync(1000);
      await settle();
    }
    assert.equal((await take()).at(-1), 'yard 3000');
    last().say(`data: ${'x'.repeat(300_000)}`);
    assert.deepEqual(await take(), ['away']);
  });
});
