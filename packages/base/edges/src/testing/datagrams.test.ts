import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressInUse } from '../datagrams.ts';
import { seededRandom } from '../random.ts';
import { SimulatedClock } from './clock.ts';
import { type NetworkConditions, SimulatedNetwork } from './datagrams.ts';

function network(conditions: NetworkConditions = {}) {
  const clock = new SimulatedClock();
  return { clock, net: new SimulatedNetwork({ clock, random: seededRandom(1), conditions }) };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const bytes = (word: string) => [Buffer.from(word)];

test('a datagram reaches the socket with its port and address, and names its sender', async () => {
  const { clock, net } = network();
  const received: string[] = [];
  await net.host('10.0.0.2').bind({
    address: '0.0.0.0',
    port: 7410,
    onDatagram: (data, from) => received.push(`${text(data)} from ${from.address}:${from.port}`),
  });
  const sender = await net.host('10.0.0.1').bind({ address: '0.0.0.0', port: 9, onDatagram: () => undefined });
  sender.send([...bytes('he'), ...bytes('llo')], 7410, '10.0.0.2');
  sender.send(bytes('nobody'), 7411, '10.0.0.2');
  clock.advance(1);
  assert.deepEqual(received, ['hello from 10.0.0.1:9']);
});

test('a multicast datagram reaches the members of the group on that network only', async () => {
  const { clock, net } = network();
  const received: string[] = [];
  for (const address of ['10.0.0.2', '10.0.0.3', '10.0.9.4']) {
    const options = { address: '0.0.0.0', port: 7400, shared: true, onDatagram: () => void received.push(address) };
    const socket = await net.host(address).bind(options);
    if (address !== '10.0.0.3') socket.joinGroup('239.255.0.1', address);
  }
  const sender = await net.host('10.0.0.1').bind({ address: '0.0.0.0', port: 0, onDatagram: () => undefined });
  sender.send(bytes('x'), 7400, '239.255.0.1');
  clock.advance(1);
  assert.deepEqual(received, ['10.0.0.2']);
});

test('a port that is taken on the same host is refused unless both share it', async () => {
  const { net } = network();
  const host = net.host('10.0.0.1');
  const options = { address: '0.0.0.0', port: 7400, onDatagram: () => undefined };
  await host.bind(options);
  await assert.rejects(host.bind(options), AddressInUse);
  await net.host('10.0.0.2').bind(options);
});

test('a port is taken for one address of a host, or for all addresses if the socket is bound to all', async () => {
  const { clock, net } = network();
  const received: string[] = [];
  const host = net.host('10.0.0.1', '10.0.1.1');
  for (const address of ['10.0.0.1', '10.0.1.1']) {
    await host.bind({ address, port: 7410, onDatagram: () => received.push(address) });
  }
  await assert.rejects(host.bind({ address: '0.0.0.0', port: 7410, onDatagram: () => undefined }), AddressInUse);
  const sender = await net.host('10.0.1.2').bind({ address: '10.0.1.2', port: 1, onDatagram: () => undefined });
  sender.send(bytes('x'), 7410, '10.0.1.1');
  clock.advance(1);
  assert.deepEqual(received, ['10.0.1.1']);
});

test('loss, duplication and reordering happen at their rates and repeat for the same seed', async () => {
  const run = async () => {
    const { clock, net } = network({ loss: 0.2, duplication: 0.1, reordering: 0.2 });
    const received: number[] = [];
    const host = net.host('10.0.0.1');
    await host.bind({ address: '0.0.0.0', port: 1, onDatagram: (data) => received.push(data[0] * 256 + data[1]) });
    const sender = await host.bind({ address: '0.0.0.0', port: 2, onDatagram: () => undefined });
    for (let index = 0; index < 2000; index += 1) {
      sender.send([Uint8Array.of(index >> 8, index & 255)], 1, '10.0.0.1');
      clock.advance(1);
    }
    clock.advance(100);
    return received;
  };
  const received = await run();
  const distinct = new Set(received).size;
  assert.ok(distinct > 1500 && distinct < 1700, `${distinct} of 2000 arrived`);
  assert.ok(received.length - distinct > 100, 'some arrived twice');
  assert.ok(
    received.some((value, index) => index > 0 && value < received[index - 1]),
    'some were overtaken',
  );
  assert.deepEqual(await run(), received);
});

test('no datagram passes a disconnected cable', async () => {
  const { clock, net } = network();
  let count = 0;
  await net.host('10.0.0.2').bind({
    address: '0.0.0.0',
    port: 1,
    onDatagram: () => {
      count += 1;
    },
  });
  const sender = await net.host('10.0.0.1').bind({ address: '0.0.0.0', port: 2, onDatagram: () => undefined });
  net.setLink('10.0.0.2', false);
  sender.send(bytes('a'), 1, '10.0.0.2');
  net.setLink('10.0.0.2', true);
  sender.send(bytes('b'), 1, '10.0.0.2');
  clock.advance(1);
  assert.equal(count, 1);
});
