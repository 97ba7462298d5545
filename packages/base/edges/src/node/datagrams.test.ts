import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressInUse, type DatagramListener, type SocketAddress } from '../datagrams.ts';
import { udpDatagrams } from './datagrams.ts';

const loopback = '127.0.0.1';
const ignore = () => undefined;

function firstDatagram() {
  let listener: DatagramListener = ignore;
  const arrived = new Promise<{ bytes: Uint8Array; from: SocketAddress }>((resolve) => {
    listener = (bytes, from) => resolve({ bytes, from });
  });
  return { arrived, onDatagram: (bytes: Uint8Array, from: SocketAddress) => listener(bytes, from) };
}

test('the parts of a datagram arrive as one, with the sender named', async () => {
  const { arrived, onDatagram } = firstDatagram();
  const receiver = await udpDatagrams.bind({ address: loopback, port: 0, onDatagram });
  const sender = await udpDatagrams.bind({ address: loopback, port: 0, onDatagram: ignore });
  sender.send([Buffer.from('RT'), Buffer.from('PS')], receiver.local.port, loopback);
  const { bytes, from } = await arrived;
  assert.equal(Buffer.from(bytes).toString(), 'RTPS');
  assert.deepEqual([from.address, from.port], [sender.local.address, sender.local.port]);
  await Promise.all([receiver.close(), sender.close()]);
});

test('multicast on the loopback interface reaches a member of the group', async () => {
  const { arrived, onDatagram } = firstDatagram();
  const receiver = await udpDatagrams.bind({ address: '0.0.0.0', port: 0, shared: true, onDatagram });
  receiver.joinGroup('239.255.0.1', loopback);
  const sender = await udpDatagrams.bind({ address: '0.0.0.0', port: 0, onDatagram: ignore });
  sender.setMulticastInterface(loopback);
  sender.send([Buffer.from('x')], receiver.local.port, '239.255.0.1');
  assert.equal((await arrived).bytes.length, 1);
  await Promise.all([receiver.close(), sender.close()]);
});

test('a taken port is named in the error', async () => {
  const first = await udpDatagrams.bind({ address: loopback, port: 0, onDatagram: ignore });
  const { port } = first.local;
  await assert.rejects(udpDatagrams.bind({ address: loopback, port, onDatagram: ignore }), (error: Error) => {
    assert.ok(error instanceof AddressInUse);
    assert.match(error.message, new RegExp(`${loopback}:${port}`));
    return true;
  });
  await first.close();
});

test('a datagram that cannot be sent is counted, not thrown', async () => {
  const socket = await udpDatagrams.bind({ address: loopback, port: 0, onDatagram: ignore });
  socket.send([new Uint8Array(70_000)], 9, loopback);
  while (socket.sendFailures.count === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.match(socket.sendFailures.last, /EMSGSIZE/);
  await socket.close();
});

test('the loopback interface is listed as one', () => {
  const found = udpDatagrams.interfaces().find(({ address }) => address === loopback);
  assert.deepEqual(found && { netmask: found.netmask, loopback: found.loopback }, {
    netmask: '255.0.0.0',
    loopback: true,
  });
});

test('a datagram is sent when the call returns, even if the socket is closed immediately', {
  timeout: 2000,
}, async () => {
  const received: number[] = [];
  const receiver = await udpDatagrams.bind({
    address: '127.0.0.1',
    port: 0,
    onDatagram: ([octet]) => received.push(octet!),
  });
  const sender = await udpDatagrams.bind({ address: '127.0.0.1', port: 0, onDatagram: () => undefined });
  sender.send([Uint8Array.of(7)], receiver.local.port, '127.0.0.1');
  await sender.close();
  while (received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(received, [7]);
  await receiver.close();
});

test('a receive buffer that the system reduces is reported with its real size', async () => {
  const ask = (receiveBufferBytes: number) =>
    udpDatagrams.bind({ address: '127.0.0.1', port: 0, receiveBufferBytes, onDatagram: () => undefined });
  const small = await ask(32_768);
  const huge = await ask(2 ** 30);
  assert.equal(small.receiveBufferBytes, 32_768);
  assert.ok(huge.receiveBufferBytes >= small.receiveBufferBytes && huge.receiveBufferBytes < 2 ** 30);
  await Promise.all([small.close(), huge.close()]);
});
