import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { generate, type Packet, parser } from 'mqtt-packet';
import type { BrokerAddress } from '../address/broker-address.ts';
import { openMqttSession } from './mqtt-session.ts';
import { MAX_MESSAGE_BYTES } from './session.ts';

type Protocol = BrokerAddress['protocol'];
type Say = (...answers: readonly Packet[]) => void;

const CONNACK = { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false } as const;
const STATE = { qos: 0, retain: false } as const;
const RETAINED = { qos: 1, retain: true } as const;

/** A broker on loopback that sends what a script specifies. */
async function scriptedBroker(protocol: Protocol, script: (packet: Packet, say: Say, socket: Socket) => void) {
  const version = { protocolVersion: protocol === '5' ? 5 : 4 };
  const received: Packet[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const packets = parser(version);
    const say: Say = (...answers) => answers.forEach((answer) => void socket.write(generate(answer, version)));
    packets.on('packet', (packet: Packet) => {
      received.push(packet);
      script(packet, say, socket);
    });
    socket.on('error', () => undefined).on('data', (octets) => packets.parse(octets));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

/** Accepts the connection and every subscription. */
function oblige(packet: Packet, say: Say, properties = {}): void {
  if (packet.cmd === 'connect') say({ ...CONNACK, properties });
  if (packet.cmd === 'subscribe') {
    say({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: packet.subscriptions.map(() => 1) });
  }
}

const publish = (payload: string | Buffer, messageId = 1): Packet => ({
  cmd: 'publish',
  topic: 'order',
  payload,
  qos: 1,
  messageId,
  dup: false,
  retain: false,
});

function session(url: string, protocol: Protocol, address: Partial<BrokerAddress> = {}) {
  const clock = new SimulatedClock();
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  const events: string[] = [];
  const open = openMqttSession(
    { address: { url, protocol, ...address }, clientId: 'robot', subscriptions: ['order', 'actions'], clock },
    {
      onOpen: opened.resolve,
      onMessage: ({ payload }) => events.push(`message of ${payload.length}`),
      onDropped: () => events.push('dropped'),
      onEnd: ended.resolve,
    },
  );
  return { clock, events, open, opened: opened.promise, ended: ended.promise };
}

for (const protocol of ['3.1.1', '5'] as const) {
  describe(`a session of MQTT ${protocol}`, () => {
    it('asks for a clean session, and subscribes with QoS 1 before it is open', async () => {
      await using broker = await scriptedBroker(protocol, (packet, say) => oblige(packet, say));
      const { open, opened } = session(broker.url, protocol, { username: 'fleet', password: 'hush', keepaliveS: 7 });
      await opened;
      const [connect, subscribe] = broker.received;
      assert.ok(connect?.cmd === 'connect' && subscribe?.cmd === 'subscribe');
      assert.deepEqual(
        [connect.clean, connect.clientId, connect.keepalive, connect.username, String(connect.password)],
        [true, 'robot', 7, 'fleet', 'hush'],
      );
      assert.deepEqual(
        subscribe.subscriptions.map(({ topic, qos }) => [topic, qos]),
        [
          ['order', 1],
          ['actions', 1],
        ],
      );
      await open.close();
      assert.equal(broker.received.at(-1)?.cmd, 'disconnect');
    });

    it('gives the reason of a refusal, and no secret', async () => {
      const code = protocol === '5' ? 134 : 4;
      await using broker = await scriptedBroker(protocol, (_, say) => {
        say({ ...CONNACK, returnCode: code, reasonCode: code });
      });
      const { ended } = session(broker.url, protocol, { username: 'fleet', password: 'hush' });
      assert.equal(await ended, `the broker at ${broker.url} refused the connection: bad user name or password`);
    });

    it('ends if one of its subscriptions is refused, and names it', async () => {
      const code = protocol === '5' ? 135 : 128;
      await using broker = await scriptedBroker(protocol, (packet, say) => {
        if (packet.cmd !== 'subscribe') oblige(packet, say);
        else say({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [1, code] });
      });
      const { ended } = session(broker.url, protocol);
      const reason = protocol === '5' ? 'not authorized' : 'no reason given';
      assert.equal(await ended, `${broker.url} refuses the subscription to actions (${reason})`);
    });

    it('says that the broker may be full if it is cut off without an answer', async () => {
      for (const cut of ['end', 'resetAndDestroy'] as const) {
        await using broker = await scriptedBroker(protocol, (_, __, socket) => void socket[cut]());
        assert.match(
          await session(broker.url, protocol).ended,
          /before it answered: it may accept no more connections/,
        );
      }
    });

    it('says that it was cut off while it subscribed', async () => {
      await using broker = await scriptedBroker(protocol, (packet, say, socket) => {
        if (packet.cmd === 'subscribe') socket.end();
        else oblige(packet, say);
      });
      assert.match(await session(broker.url, protocol).ended, /closed the connection without a reason/);
    });

    it('refuses unacknowledged messages when it is lost, with the reason', async () => {
      await using broker = await scriptedBroker(protocol, (packet, say, socket) => {
        oblige(packet, say);
        if (packet.cmd === 'publish') socket.destroy();
      });
      const { open, opened, ended } = session(broker.url, protocol);
      await opened;
      await assert.rejects(open.publish('state', '{}', RETAINED), /the connection to the broker was lost: /);
      await ended;
    });

    it('acknowledges and drops a message that is too long, and receives the next', async () => {
      const acknowledged = Promise.withResolvers<void>();
      await using broker = await scriptedBroker(protocol, (packet, say) => {
        oblige(packet, say);
        if (packet.cmd === 'subscribe') {
          say(publish(Buffer.alloc(MAX_MESSAGE_BYTES + 1)), publish(Buffer.alloc(MAX_MESSAGE_BYTES), 2));
        }
        if (packet.cmd === 'puback' && packet.messageId === 2) acknowledged.resolve();
      });
      const { open, events } = session(broker.url, protocol);
      await acknowledged.promise;
      assert.deepEqual(events, ['dropped', `message of ${MAX_MESSAGE_BYTES}`]);
      await open.close();
    });

    it('ends before it has read a packet of many megabytes', async () => {
      await using broker = await scriptedBroker(protocol, (packet, say, socket) => {
        oblige(packet, say);
        if (packet.cmd !== 'subscribe') return;
        // A PUBLISH of 256 MiB, of which the first tenth is sent.
        socket.write(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f));
        socket.write(Buffer.alloc(25_000_000));
      });
      const { ended } = session(broker.url, protocol);
      assert.equal(await ended, 'the broker sent a packet of more than 4194304 bytes');
    });

    it('closes within two seconds if the broker acknowledges nothing', async () => {
      await using broker = await scriptedBroker(protocol, (packet, say) => oblige(packet, say));
      const { clock, open, opened } = session(broker.url, protocol);
      await opened;
      const lost = assert.rejects(open.publish('state', '{}', RETAINED), /was lost/);
      const closed = open.close();
      clock.advance(2000);
      await Promise.all([closed, lost]);
      assert.equal(clock.timers, 0);
    });

    it('waits for pending acknowledgements of the broker before it disconnects', async () => {
      await using broker = await scriptedBroker(protocol, (packet, say) => {
        oblige(packet, say);
        if (packet.cmd === 'publish') say({ cmd: 'puback', messageId: packet.messageId ?? 0 });
      });
      const { open, opened } = session(broker.url, protocol);
      await opened;
      await Promise.all([open.publish('connection', 'OFFLINE', RETAINED), open.close()]);
      assert.deepEqual(
        broker.received.map(({ cmd }) => cmd),
        ['connect', 'subscribe', 'publish', 'disconnect'],
      );
    });

    it('gives up a broker that does not answer within ten seconds', async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      const received = Promise.withResolvers<void>();
      await using broker = await scriptedBroker(protocol, () => received.resolve());
      const { ended } = session(broker.url, protocol);
      await received.promise;
      t.mock.timers.tick(10_000);
      assert.equal(await ended, `the broker at ${broker.url} does not answer`);
    });

    it('ends if the broker leaves a ping unanswered, and refuses unacknowledged messages', async (t) => {
      t.mock.timers.enable({ apis: ['setInterval'] });
      await using broker = await scriptedBroker(protocol, (packet, say) => oblige(packet, say));
      const { open, opened, ended } = session(broker.url, protocol, { keepaliveS: 2 });
      await opened;
      const lost = assert.rejects(
        open.publish('state', '{}', RETAINED),
        /was lost: .* did not answer within the keep alive time/,
      );
      t.mock.timers.tick(3000);
      assert.equal(await ended, `the broker at ${broker.url} did not answer within the keep alive time`);
      await lost;
    });

    it('closes immediately while it still connects', async () => {
      await using broker = await scriptedBroker(protocol, () => undefined);
      const { clock, open, ended } = session(broker.url, protocol);
      await open.close();
      await ended;
      assert.equal(clock.timers, 0);
    });
  });
}

describe('the limits of a broker of MQTT 5', () => {
  it('are known, and nothing above them is sent', async () => {
    await using broker = await scriptedBroker('5', (packet, say) => {
      oblige(packet, say, { maximumPacketSize: 40, maximumQoS: 0, retainAvailable: false });
    });
    const { open, opened } = session(broker.url, '5');
    await opened;
    assert.deepEqual(open.limits, { maxPacketBytes: 40, maxQos: 0, retains: false });
    await assert.rejects(open.publish('state', 'x'.repeat(40), STATE), /the broker accepts at most 40/);
    await assert.rejects(open.publish('state', '', { qos: 1, retain: false }), /does not support QoS 1/);
    await assert.rejects(open.publish('state', '', { qos: 0, retain: true }), /does not support retained messages/);
    await open.close();
    assert.deepEqual(
      broker.received.map(({ cmd }) => cmd),
      ['connect', 'subscribe', 'disconnect'],
    );
  });

  it('bound the messages in flight', async () => {
    const unanswered: (() => void)[] = [];
    let most = 0;
    await using broker = await scriptedBroker('5', (packet, say) => {
      oblige(packet, say, { receiveMaximum: 2 });
      if (packet.cmd !== 'publish') return;
      unanswered.push(() => say({ cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 }));
      most = Math.max(most, unanswered.length);
      if (unanswered.length === 2) for (const answer of unanswered.splice(0)) answer();
    });
    const { open, opened } = session(broker.url, '5');
    await opened;
    await Promise.all(['1', '2', '3', '4', '5', '6'].map((text) => open.publish('state', text, RETAINED)));
    const sent = broker.received.flatMap((packet) => (packet.cmd === 'publish' ? [String(packet.payload)] : []));
    assert.deepEqual([most, sent], [2, ['1', '2', '3', '4', '5', '6']]);
    await open.close();
  });

  it('refuses a message that the broker refuses with a reason, and continues', async () => {
    await using broker = await scriptedBroker('5', (packet, say) => {
      oblige(packet, say);
      if (packet.cmd === 'publish') say({ cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 135 });
    });
    const { open, opened } = session(broker.url, '5');
    await opened;
    await assert.rejects(open.publish('state', '{}', RETAINED), /the broker refuses state: not authorized/);
    await open.close();
  });

  it('are reported by the broker that ends the connection, with its reason', async () => {
    await using broker = await scriptedBroker('5', (packet, say, socket) => {
      oblige(packet, say);
      if (packet.cmd !== 'subscribe') return;
      say({ cmd: 'disconnect', reasonCode: 142 });
      socket.end();
    });
    assert.match(
      await session(broker.url, '5').ended,
      /closed the connection: session taken over by another connection with the same client identifier/,
    );
  });
});

describe('a broker that reads nothing', () => {
  it('leaves a message pending that its socket does not accept, until the connection ends', async () => {
    const unread = Promise.withResolvers<Socket>();
    await using broker = await scriptedBroker('5', (packet, say, socket) => {
      oblige(packet, say);
      if (packet.cmd === 'subscribe') unread.resolve(socket.pause());
    });
    const { open, opened, ended } = session(broker.url, '5');
    await opened;
    const pending = assert.rejects(open.publish('state', 'x'.repeat(20_000_000), STATE), /was lost/);
    (await unread.promise).destroy();
    await Promise.all([pending, ended]);
  });

  it('leaves published messages pending, up to a bound', async () => {
    await using broker = await scriptedBroker('5', (packet, say) => oblige(packet, say));
    const { clock, open, opened } = session(broker.url, '5');
    await opened;
    const all = Array.from({ length: 256 }, () => open.publish('state', '{}', RETAINED).catch((error: Error) => error));
    await assert.rejects(open.publish('state', '{}', RETAINED), /256 messages are already queued for the broker/);
    const closed = open.close();
    clock.advance(2000);
    await closed;
    assert.ok((await Promise.all(all)).every((error) => /was lost/.test(String(error))));
  });
});
