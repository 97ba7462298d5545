import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DatagramListener, NetworkInterface } from '@medkit/edges';
import type { Participant } from '../model/api.ts';
import { KEEP_ALL, payloadOf, RELIABLE, Scene, settled, TOPIC } from '../testing/scene.ts';
import { chooseInterfaces, NoSuchInterface } from './interface-choice.ts';
import { lastParticipantId, metatrafficPort, multicastPort, NoSuchPort, userPort } from './ports.ts';
import { chooseTargets } from './route.ts';
import { NoFreeParticipantId, openTransport } from './transport.ts';

const net = (name: string, address: string, netmask = '255.255.255.0'): NetworkInterface => ({
  name,
  address,
  netmask,
  loopback: address.startsWith('127.'),
});
const LO = net('lo', '127.0.0.1', '255.0.0.0');
const ETH = net('eth0', '10.0.0.5');
const WLAN = net('wlan0', '192.168.7.5');

describe('ports', () => {
  it('follow the mapping of the specification', () => {
    assert.equal(multicastPort(0), 7400);
    assert.equal(metatrafficPort(42, 3), 7400 + 250 * 42 + 10 + 6);
    assert.equal(userPort(42, 3), 7400 + 250 * 42 + 11 + 6);
  });

  it('end at the limit of UDP, and there are none outside domains 0 to 232', () => {
    assert.equal(lastParticipantId(0), 119);
    assert.equal(lastParticipantId(232), 62);
    assert.ok(userPort(232, 62) <= 65_535);
    for (const domainId of [-1, 233, 1.5, Number.NaN]) assert.throws(() => multicastPort(domainId), NoSuchPort);
  });
});

describe('interfaces', () => {
  it('are the configured ones, by name or address', () => {
    assert.deepEqual(chooseInterfaces([LO, ETH, WLAN], ['wlan0', '127.0.0.1']), [WLAN, LO]);
    assert.throws(
      () => chooseInterfaces([LO, ETH], ['eth1']),
      new NoSuchInterface(
        'no network interface "eth1" with an IPv4 address; there are: lo (127.0.0.1), eth0 (10.0.0.5)',
      ),
    );
  });

  it('are all but loopback if none is configured, loopback if there is no other', () => {
    assert.deepEqual(chooseInterfaces([LO, ETH, WLAN], undefined), [ETH, WLAN]);
    assert.deepEqual(chooseInterfaces([LO], undefined), [LO]);
    assert.throws(() => chooseInterfaces([], undefined), NoSuchInterface);
  });
});

describe('the choice of a locator', () => {
  const at = (address: string) => ({ address, port: 7410 });
  const choose = (chosen: NetworkInterface[], candidates: string[], source: string) =>
    chooseTargets({ chosen, down: [], all: [LO, ETH, WLAN] }, candidates.map(at), source).map(({ address }) => address);

  it('prefers loopback for a participant of this machine, and never uses it for another', () => {
    assert.deepEqual(choose([LO, ETH], ['10.0.0.5', '127.0.0.1'], '127.0.0.1'), ['127.0.0.1']);
    assert.deepEqual(choose([LO, ETH], ['127.0.0.1', '10.0.0.9'], '10.0.0.9'), ['10.0.0.9']);
    assert.deepEqual(choose([LO, ETH], ['127.0.0.1'], '10.0.0.9'), []);
  });

  it('prefers an address that answers, then one on a local network', () => {
    assert.deepEqual(choose([ETH, WLAN], ['172.17.0.1', '192.168.7.9', '10.0.0.9'], '192.168.7.9'), ['192.168.7.9']);
    assert.deepEqual(choose([ETH], ['172.17.0.1', '10.0.0.9'], '10.0.0.77'), ['10.0.0.9']);
  });

  it('tries all if none is on a local network', () => {
    assert.deepEqual(choose([ETH], ['172.17.0.1', '172.18.0.1'], '10.0.0.1'), ['172.17.0.1', '172.18.0.1']);
  });

  it('never leaves the machine if only loopback is used', () => {
    assert.deepEqual(choose([LO], ['10.0.0.9', '8.8.8.8'], '127.0.0.1'), []);
    assert.deepEqual(choose([LO], ['10.0.0.5'], '10.0.0.5'), ['10.0.0.5']);
  });

  it('rejects addresses that belong to no host', () => {
    assert.deepEqual(choose([ETH], ['0.0.0.0', '239.255.0.1', '255.255.255.255'], '10.0.0.9'), []);
  });
});

describe('the last domain', () => {
  it('finds its participants, and those of no other domain', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1', { domainId: 232 });
    await scene.join('10.0.0.2', { domainId: 232 });
    await scene.join('10.0.0.3', { domainId: 231 });
    await scene.pass(1000);
    assert.equal(alice.participants().length, 1);
  });
});

describe('participant ids', () => {
  it('are the first whose ports are free', async () => {
    const scene = new Scene();
    const host = scene.network.host('10.0.0.1');
    const first = await scene.join('10.0.0.1', { datagrams: host });
    await host.bind({ address: '10.0.0.1', port: userPort(0, 1), onDatagram: () => undefined });
    const second = await scene.join('10.0.0.1', { datagrams: host });
    assert.deepEqual([first.participantId, second.participantId], [0, 2]);
    await first.close();
    const third = await scene.join('10.0.0.1', { datagrams: host });
    assert.equal(third.participantId, 0);
  });

  it('run out with a clear error', async () => {
    const scene = new Scene();
    const host = scene.network.host('10.0.0.1');
    for (let id = 0; id <= lastParticipantId(232); id += 1) {
      await host.bind({ address: '10.0.0.1', port: metatrafficPort(232, id), onDatagram: () => undefined });
    }
    await assert.rejects(scene.join('10.0.0.1', { datagrams: host, domainId: 232 }), NoFreeParticipantId);
    await assert.rejects(scene.join('10.0.0.1', { datagrams: host, domainId: 233 }), NoSuchPort);
  });
});

const isLocal = ({ guidPrefix }: Participant, guid: string) => guid.startsWith(guidPrefix);

describe('several interfaces', () => {
  it('reach a host that also announces unreachable addresses', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    // Two container bridges, as on every robot with Docker. They exist on this host as well.
    const bob = await scene.join('', { datagrams: scene.network.host('172.17.0.1', '172.18.0.1', '10.0.0.2') });
    const received: Record<string, number> = {};
    const both = [
      ['alice', alice],
      ['bob', bob],
    ] as const;
    const writers = both.map(([name, participant]) => {
      received[name] = 0;
      const onSample = () => {
        received[name] += 1;
      };
      participant.createReader({
        ...TOPIC,
        qos: RELIABLE,
        accept: ({ guid }) => !isLocal(participant, guid),
        onSample,
      });
      return participant.createWriter({ ...TOPIC, qos: KEEP_ALL });
    });
    await scene.until(() => writers.every((writer) => writer.matched().length === 1));
    for (const writer of writers) writer.write(payloadOf(1));
    await scene.pass(100);
    assert.deepEqual(received, { alice: 1, bob: 1 });
  });

  it('announce each address, and use the other one when one is cut', async () => {
    const scene = new Scene();
    const alice = await scene.join('', { datagrams: scene.network.host('10.0.0.1', '10.0.1.1') });
    const bob = await scene.join('', { datagrams: scene.network.host('10.0.0.2', '10.0.1.2') });
    let received = 0;
    bob.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: () => {
        received += 1;
      },
    });
    const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
    await scene.until(() => writer.matched().length === 1);
    writer.write(payloadOf(1));
    await scene.until(() => received === 1);
    scene.network.setLink('10.0.0.1', false);
    writer.write(payloadOf(2));
    await scene.until(() => received === 2, 15_000);
    assert.equal(alice.participants().length, 1);
    assert.equal(bob.participants().length, 1);
    await settled();
  });

  it('distinguish datagrams that arrived directly from routed ones, which say nothing of the way back', async () => {
    const scene = new Scene();
    const host = scene.network.host('10.0.0.1', '10.0.1.1');
    const arrivals: string[] = [];
    const open = new Map<string, DatagramListener>();
    const transport = await openTransport({
      datagrams: {
        interfaces: () => host.interfaces(),
        bind: (options) => {
          open.set(options.address, options.onDatagram);
          return host.bind(options);
        },
      },
      reachability: { all: host.interfaces(), chosen: host.interfaces(), down: [] },
      domainId: 0,
      multicast: false,
      receiveBufferBytes: 65_536,
      onUnicast: (_bytes, _from, arrival) => arrivals.push(arrival),
      onMulticast: () => undefined,
      onForeign: () => undefined,
    });
    for (const source of ['10.0.0.2', '10.0.1.2', '10.0.7.2']) {
      open.get('10.0.1.1')?.(new Uint8Array(1), { address: source, port: 1 });
    }
    assert.deepEqual(arrivals, ['roundabout', 'direct', 'direct']);
    await transport.close();
  });
});
