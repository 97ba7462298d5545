import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BindOptions, type Datagrams, type SocketAddress, seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedNetwork } from '@medkit/edges/testing';
import { type Browser, openBrowser } from './browser.ts';
import { openLocalLink, type Scope } from './local-link.ts';
import { messageBytes, messageIn } from './message.ts';
import { type Service, serviceRecords } from './service-records.ts';

const TYPE = '_medkit._tcp.local';
const YARD: Service = { label: 'yard', address: '10.0.0.2', port: 8080, instance: 'y' };

async function setUp({ scope = 'network' as Scope, addresses = ['10.0.0.1'], maxServices = 10 } = {}) {
  const clock = new SimulatedClock();
  const random = seededRandom(5);
  const network = new SimulatedNetwork({ clock, random });
  const sockets: BindOptions[] = [];
  const machine = network.host(...addresses);
  const host = {
    interfaces: () => machine.interfaces(),
    bind: (options: BindOptions) => {
      sockets.push(options);
      return machine.bind(options);
    },
    /** Delivers a datagram to the first socket, from any address. */
    hand: (octets: Uint8Array, from: SocketAddress) => sockets[0]?.onDatagram(octets, from),
  };
  const events: string[] = [];
  const lines: string[] = [];
  const holder: { browser?: Browser } = {};
  const open = async () => {
    const link = await openLocalLink({
      datagrams: host,
      clock,
      scope,
      type: TYPE,
      log: (_level, line) => void lines.push(line),
      listener: {
        heard: (message, from) => holder.browser?.heard(message, from),
        joined: (on) => holder.browser?.joined(on),
      },
    });
    const browser = openBrowser({
      ...{ link, clock, random, type: TYPE, maxServices },
      onFound: ({ label, address, port }) => void events.push(`${label} ${address}:${port}`),
      onGone: ({ label }, reason) => void events.push(`${label} ${reason}`),
    });
    holder.browser = browser;
    return { link, browser };
  };
  const opened = await open();
  clock.advance(1);
  /** Opens a socket that can send arbitrary messages. */
  const speaker = async (address: string, at: Datagrams = network.host(address), port = 5353) => {
    const received: Uint8Array[] = [];
    const socket = await at.bind({
      address: '0.0.0.0',
      port,
      shared: true,
      onDatagram: (bytes) => void received.push(bytes),
    });
    socket.joinGroup('224.0.0.251', address);
    socket.setMulticastInterface(address);
    const bytes = (octets: Uint8Array) => {
      socket.send([octets], 5353, '224.0.0.251');
      clock.advance(1);
    };
    const questions = () => received.flatMap((octets) => messageIn(octets)?.questions ?? []);
    return {
      bytes,
      say: (message: Parameters<typeof messageBytes>[0]) => bytes(messageBytes(message)),
      received,
      questions,
    };
  };
  return { clock, network, host, events, lines, open, ...opened, speaker };
}

const announcementOf = (service: Service, ttl?: 0) => {
  const { pointer, server, text, host } = serviceRecords(TYPE, service, ttl);
  return { answers: [pointer], additionals: [server, text, host] };
};

describe('gateways that announce themselves', () => {
  it('are queried at the start and every 40 s, and are removed by a goodbye or after their announced lifetime', async () => {
    const { clock, speaker, events } = await setUp();
    const yard = await speaker('10.0.0.2');
    clock.advance(125_000);
    assert.deepEqual(
      yard.questions().map(({ name, type }) => [name, type]),
      Array(5).fill([TYPE, 'PTR']),
    );
    yard.say(announcementOf(YARD));
    clock.advance(119_000);
    assert.deepEqual(events, ['yard 10.0.0.2:8080']);
    clock.advance(1000);
    assert.deepEqual(events, ['yard 10.0.0.2:8080', 'yard expired']);
    yard.say(announcementOf(YARD));
    yard.say(announcementOf(YARD, 0));
    assert.deepEqual(events.slice(2), ['yard 10.0.0.2:8080', 'yard goodbye']);
    yard.say(announcementOf(YARD, 0));
    assert.equal(events.length, 4, 'who was not there cannot go');
  });

  it('are not queried again if another host has just done so', async () => {
    const { clock, speaker } = await setUp();
    const other = await speaker('10.0.0.3');
    clock.advance(30_000);
    other.received.length = 0;
    other.say({ questions: [{ name: TYPE, type: 'PTR' }] });
    clock.advance(40_000);
    assert.equal(other.questions().length, 1);
  });

  it('are taken at their sender address, whatever they say of another machine', async () => {
    const { speaker, events } = await setUp();
    const mallory = await speaker('10.0.0.66');
    mallory.say(announcementOf(YARD));
    mallory.say(announcementOf({ ...YARD, address: '127.0.0.1' }));
    const yard = await speaker('10.0.0.2');
    yard.say(announcementOf(YARD));
    mallory.say(announcementOf(YARD, 0));
    assert.deepEqual(events, ['yard 10.0.0.2:8080'], 'nor does anybody take leave for another one');
  });

  it('are ignored below port 1024, and are limited in number', async () => {
    const { speaker, events, browser } = await setUp({ maxServices: 3 });
    const yard = await speaker('10.0.0.2');
    yard.say(announcementOf({ ...YARD, port: 22 }));
    for (let index = 0; index < 5; index++) yard.say(announcementOf({ ...YARD, label: `yard-${index}` }));
    assert.equal(events.length, 3);
    assert.deepEqual(browser.dropped, { bad_port: 1, too_many: 2 });
  });

  it('are those of local networks alone, from the port of multicast DNS', async () => {
    const { speaker, events, link, host } = await setUp();
    const far = { ...YARD, address: '10.0.7.2' };
    host.hand(messageBytes(announcementOf(far)), { address: far.address, port: 5353 });
    const other = await speaker('10.0.0.2', undefined, 5354);
    other.say(announcementOf(YARD));
    assert.deepEqual(events, []);
    assert.equal(link.dropped.foreign, 2);
  });

  it('are those of this machine alone if the range is LOCALHOST, whatever Linux delivers', async () => {
    const { clock, network, host, speaker, events, link } = await setUp({
      scope: 'loopback',
      addresses: ['127.0.0.1', '10.0.0.1'],
    });
    assert.deepEqual(
      link.interfaces.map(({ address }) => address),
      ['127.0.0.1'],
    );
    const outside = await speaker('10.0.0.2', network.host('10.0.0.2'));
    clock.advance(50_000);
    assert.deepEqual(outside.questions(), []);
    // A socket receives datagrams of every group that any socket of the machine has joined, on any interface.
    host.hand(messageBytes(announcementOf(YARD)), { address: '10.0.0.2', port: 5353 });
    assert.deepEqual([events, link.dropped.foreign], [[], 1]);
    const neighbour = await speaker('127.0.0.1', host);
    neighbour.say(announcementOf({ ...YARD, address: '127.0.0.1' }));
    assert.deepEqual(events, ['yard 127.0.0.1:8080']);
  });

  it('may be searched for again and again [edge]: start and stop are repeatable', async () => {
    const { clock, link, browser, open, speaker, events } = await setUp();
    browser.close();
    browser.close();
    await link.close();
    const timers = clock.timers;
    const again = await open();
    clock.advance(1);
    const yard = await speaker('10.0.0.2');
    yard.say(announcementOf(YARD));
    assert.deepEqual(events, ['yard 10.0.0.2:8080']);
    again.browser.close();
    await again.link.close();
    assert.equal(clock.timers, timers, 'nothing is left');
  });
});

describe('bytes that are not a message', () => {
  const good = messageBytes(announcementOf(YARD));
  const loop = Buffer.concat([good.subarray(0, 12), Buffer.from([7]), Buffer.from('_medkit'), Buffer.from([0xc0, 12])]);
  const one = messageBytes({ questions: [{ name: TYPE, type: 'PTR' }] });
  const again = Buffer.from([0xc0, 12, 0, 12, 0, 1]);
  const crowd = Buffer.concat([one, ...Array<Buffer>(128).fill(again)]);
  crowd.writeUInt16BE(129, 4);

  for (const [what, octets] of [
    ['a name that points at itself', loop],
    ['more records than any message has', crowd],
    ['half a message', good.subarray(0, good.length - 9)],
    ['more bytes than any message has', Buffer.concat([good, Buffer.alloc(1500)])],
    ['a failure', Buffer.concat([good.subarray(0, 3), Buffer.from([3]), good.subarray(4)])],
  ] as const) {
    it(`are counted and dropped: ${what}`, async () => {
      const { speaker, events, link } = await setUp();
      (await speaker('10.0.0.2')).bytes(octets);
      assert.deepEqual(events, []);
      assert.equal(link.dropped.malformed, 1);
    });
  }

  it('cause no harm, whatever is changed in a valid message', async () => {
    const { speaker, events } = await setUp();
    const yard = await speaker('10.0.0.2');
    const random = seededRandom(11);
    for (let turn = 0; turn < 2000; turn++) {
      const octets = Buffer.from(good);
      for (let change = 0; change < 3; change++)
        octets[Math.floor(random.float() * octets.length)] = random.float() * 256;
      yard.bytes(octets);
    }
    yard.say(announcementOf(YARD));
    assert.ok(events.includes('yard 10.0.0.2:8080'));
  });
});
