import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { FaultEvent } from '@medkit/core';
import { app, fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { eventually, settled } from '../harness/eventually.ts';
import { freePort } from './free-port.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import { followed } from './stream-client.ts';

const opened = new Set<{ close(): Promise<void> | void }>();
afterEach(async () => {
  for (const each of [...opened].reverse()) await each.close();
  opened.clear();
});

/** Starts a gateway with a log of fault events that survives restarts. */
async function start(instance: string, options: Partial<RealGatewayOptions> & { readonly log?: FaultEvent[] } = {}) {
  const { log: events = [], ...rest } = options;
  const at = { node: '/arm', address: { runtime: 'ros2', nativeId: '/arm' } };
  const gateway = await realGateway({
    instance,
    robot: {
      apps: [app('arm', at), app(`${instance}_lamp`)],
      providers: { faults: memoryFaults({ events, faults: [fault('JAM', { sources: ['/arm'] })] }) },
    },
    ...rest,
  });
  const publisher = {
    ...gateway,
    events,
    /** Appends an event to its log and publishes it. */
    happens: (fields: Partial<FaultEvent> = {}): void => {
      const id = (events.at(-1)?.id ?? 0) + 1;
      const event = faultEvent(id, { fault: fault(`F${id}`, { sources: ['/arm'] }), timeNs: timeOf(), ...fields });
      events.push(event);
      gateway.runtime.announce(event);
    },
    follow: async (lastId?: string, query = '') => {
      const client = await followed(`${gateway.url}/api/v1/faults/stream${query}`, lastId);
      opened.add(client);
      return client;
    },
    clients: async (): Promise<number> => (await gateway.ask('GET', '/health')).body['x-medkit-event-streams'].clients,
    stop: async (): Promise<void> => {
      opened.delete(publisher);
      await gateway.close();
    },
  };
  opened.add(publisher);
  return publisher;
}
type Gateway = Awaited<ReturnType<typeof start>>;

let lastNs = 1_770_201_000_000_000_000n;
const timeOf = (): bigint => {
  lastNs += 1_000_000_000n;
  return lastNs;
};

type Client = Awaited<ReturnType<Gateway['follow']>>;

/** Formats received events as `yard 3`, in order; `local 3` for those of the queried gateway. */
const labelsOf = ({ events }: Pick<Client, 'events'>): readonly string[] =>
  events.map(({ data }) => {
    const event = JSON.parse(data);
    return `${event['x-medkit-origin'] ?? 'local'} ${event.fault.fault_code.slice(1)}`;
  });
const of = (origin: string, ...ids: readonly number[]): readonly string[] => ids.map((id) => `${origin} ${id}`);
const hears = (client: Client, expected: readonly string[]) =>
  eventually(`${expected}`, async () => labelsOf(client).length >= expected.length).then(
    () => assert.deepEqual(labelsOf(client), expected),
    (error) => assert.deepEqual(labelsOf(client), expected, String(error)),
  );
const shows = (gateway: Gateway, id: string) =>
  eventually(`${id} at the head`, async () => (await gateway.ask('GET', `/apps/${id}`)).status === 200);

/** Two gateways, one of which aggregates the other as `yard`. */
async function two(log: FaultEvent[] = []) {
  const yard = await start('yard', { log });
  const head = await start('dock', { peers: { yard: yard.url } });
  await shows(head, 'yard_lamp');
  return { yard, head };
}

describe('the fault events of several gateways', () => {
  it('are one stream: past events of both by time, then new ones, with their owner and local names', async () => {
    const { yard, head } = await two();
    head.happens();
    yard.happens();
    head.happens();
    const client = await head.follow();
    await hears(client, ['local 1', 'yard 1', 'local 2']);
    yard.happens();
    head.happens();
    await eventually('both', async () => client.events.length === 5);
    assert.deepEqual(labelsOf(client).slice(3).sort(), ['local 3', 'yard 2']);
    const event = JSON.parse(client.events[1]?.data ?? '');
    assert.deepEqual(
      [event['x-medkit'], event.fault.entity_id, event.fault['x-medkit'].origin],
      [{ entity_type: 'apps', entity_id: 'yard__arm' }, 'yard__arm', 'yard'],
    );
    assert.equal(client.events[1]?.id, '1~yard.1');
    assert.equal('x-medkit-gateways' in event, false);
  });

  it('open one stream at another gateway for any number of clients, and none without clients', async () => {
    const { yard, head } = await two();
    const before = await settled(yard.clients);
    const clients = await Promise.all(
      Array.from({ length: 20 }, (_, at) => head.follow(undefined, at % 2 ? '' : '?types=fault_confirmed')),
    );
    yard.happens();
    for (const client of clients) await hears(client, ['yard 1']);
    assert.equal((await settled(yard.clients)) - before, 1);
    for (const client of clients) client.close();
    await eventually('the end', async () => (await yard.clients()) === before);
  });

  it('resume where a client stopped, none missing and none twice', async () => {
    const { yard, head } = await two();
    const client = await head.follow();
    yard.happens();
    head.happens();
    await eventually('both', async () => client.events.length === 2);
    client.close();
    for (let n = 0; n < 250; n++) yard.happens();
    const again = await head.follow(client.lastId());
    await hears(again, of('yard', ...Array.from({ length: 250 }, (_, at) => at + 2)));
    yard.happens();
    await eventually('the next', async () => labelsOf(again).at(-1) === 'yard 252');
  });

  it('include all events from while the other gateway was unreachable, once it is back', async () => {
    const { yard, head } = await two();
    const client = await head.follow();
    yard.happens();
    await hears(client, of('yard', 1));
    const { events } = yard;
    await yard.stop();
    const meanwhile = await head.follow(client.lastId());
    const fresh = await head.follow();
    for (const id of [2, 3]) events.push(faultEvent(id, { fault: fault(`F${id}`), timeNs: timeOf() }));
    const back = await start('yard', { log: events, port: Number(new URL(yard.url).port) });
    await hears(client, of('yard', 1, 2, 3));
    await hears(meanwhile, of('yard', 2, 3));
    await hears(fresh, of('yard', 1, 2, 3));
    back.happens();
    for (const each of [client, meanwhile, fresh])
      await eventually('the next', async () => labelsOf(each).at(-1) === 'yard 4');
    assert.equal(client.events.length, 4);
  });

  it('report a gap if the other gateway no longer stores the events, or if its numbers restart', async () => {
    const { yard, head } = await two();
    const client = await head.follow();
    for (let n = 0; n < 3; n++) yard.happens();
    await hears(client, of('yard', 1, 2, 3));
    const { events } = yard;
    const port = Number(new URL(yard.url).port);
    await yard.stop();
    for (const id of [4, 5, 6]) events.push(faultEvent(id, { fault: fault(`F${id}`), timeNs: timeOf() }));
    events.splice(0, 5);
    const later = await start('yard', { log: events, port });
    await hears(client, of('yard', 1, 2, 3, 6));
    assert.ok(client.comments.includes('2 events of yard are no longer stored'), String(client.comments));
    await later.stop();
    const other = await start('yard', { port, log: [faultEvent(1, { fault: fault('F1') })] });
    await hears(client, of('yard', 1, 2, 3, 6, 1));
    assert.ok(client.comments.includes('events of yard have a new numbering'));
    other.happens();
    await hears(client, of('yard', 1, 2, 3, 6, 1, 2));
    client.close();
    const again = await head.follow('0~yard.6');
    await hears(again, of('yard', 1, 2));
  });

  it('arrive through a gateway in between, and resume there, too', async () => {
    const tail = await start('tail');
    const middle = await start('middle', { peers: { tail: tail.url } });
    const head = await start('head', { peers: { middle: middle.url } });
    await shows(head, 'tail_lamp');
    const client = await head.follow();
    tail.happens();
    await hears(client, of('middle/tail', 1));
    middle.happens();
    await hears(client, ['middle/tail 1', 'middle 1']);
    assert.equal(JSON.parse(client.events[0]?.data ?? '').fault['x-medkit'].origin, 'middle');
    client.close();
    tail.happens();
    middle.happens();
    const again = await head.follow(client.lastId());
    await hears(again, ['middle/tail 2', 'middle 2']);
  });

  it('arrive once from gateways in a circle, which close their streams when no client is left', async () => {
    const yard = await start('yard');
    const hall = await start('hall', { peers: { yard: yard.url } });
    const dock = await start('dock', { peers: { hall: hall.url, yard: yard.url } });
    await shows(dock, 'hall_lamp');
    await shows(dock, 'yard_lamp');
    const before = [await settled(yard.clients), await settled(hall.clients)];
    const client = await dock.follow();
    const other = await hall.follow();
    yard.happens();
    await hears(client, of('yard', 1));
    hall.happens();
    await hears(client, ['yard 1', 'hall 1']);
    await hears(other, ['yard 1', 'local 1']);
    client.close();
    other.close();
    await eventually('the end', async () => String([await yard.clients(), await hall.clients()]) === String(before));
  });

  it('contain only the requested types, also among past events of others', async () => {
    const { yard, head } = await two();
    for (let n = 0; n < 150; n++) yard.happens({ type: n % 50 === 0 ? 'fault_confirmed' : 'fault_updated' });
    const client = await head.follow('0~yard.0', '?types=fault_confirmed');
    await hears(client, of('yard', 1, 51, 101));
    yard.happens({ type: 'fault_cleared', fault: fault('F151', { status: 'HEALED' }) });
    const healed = await head.follow('0~yard.150', '?types=fault_healed');
    await hears(healed, of('yard', 151));
    assert.deepEqual(
      healed.events.map(({ event }) => event),
      ['fault_healed'],
    );
  });

  it('are read from each gateway once if every gateway aggregates all others', async () => {
    const names = ['crane', 'dock', 'gate', 'yard'];
    const ports = await Promise.all(names.map(freePort));
    const urlOf = (name: string) => `http://127.0.0.1:${ports[names.indexOf(name)]}`;
    const gateways = await Promise.all(
      names.map((name, index) => {
        const others = names.filter((other) => other !== name);
        const peers = Object.fromEntries(others.map((other) => [other, urlOf(other)]));
        return start(name, { peers, port: ports[index] as number });
      }),
    );
    for (const gateway of gateways) for (const name of names) await shows(gateway, `${name}_lamp`);
    const readers = async () => {
      const counts = await Promise.all(gateways.map((gateway) => gateway.clients()));
      return counts.reduce((sum, count) => sum + count);
    };
    const before = await settled(readers);
    const client = await (gateways[0] as Gateway).follow();
    await eventually('all are read', async () => (await readers()) >= before + names.length);
    for (const gateway of gateways) gateway.happens();
    await eventually('an event of each', async () => client.events.length === names.length);
    assert.equal(await settled(readers), before + names.length);
  });
});
