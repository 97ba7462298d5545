import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Datagrams, seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedNetwork } from '@medkit/edges/testing';
import { MULTICAST_GROUP, multicastPort } from '../transport/ports.ts';
import { watchDomains } from './domain-watch.ts';

const HEADER = Uint8Array.from([0x52, 0x54, 0x50, 0x53, 2, 4, 0x01, 0x10, ...new Array(12).fill(7)]);

async function scene() {
  const clock = new SimulatedClock();
  const network = new SimulatedNetwork({ clock, random: seededRandom(1) });
  const watch = await watchDomains({
    datagrams: network.host('10.0.0.1'),
    interfaces: ['10.0.0.1'],
    domainId: 7,
  });
  const announce = async (host: string, domainId: number, bytes = HEADER) => {
    const socket = await network.host(host).bind({ address: '0.0.0.0', port: 0, onDatagram: () => undefined });
    socket.send([bytes], multicastPort(domainId), MULTICAST_GROUP);
    clock.advance(1);
    await socket.close();
  };
  return { watch, announce };
}

test('a participant in another domain is reported with its vendor, once for each machine', async () => {
  const { watch, announce } = await scene();
  for (const [host, domainId] of [
    ['10.0.0.2', 0],
    ['10.0.0.2', 0],
    ['10.0.0.3', 232],
  ] as const)
    await announce(host, domainId);
  assert.deepEqual(
    [...watch.heard()],
    [
      [0, [{ address: '10.0.0.2', vendorId: '0110' }]],
      [232, [{ address: '10.0.0.3', vendorId: '0110' }]],
    ],
  );
  await watch.close();
});

test('the joined domain, other protocols and datagrams after the end do not count', async () => {
  const { watch, announce } = await scene();
  await announce('10.0.0.2', 7);
  await announce('10.0.0.2', 3, HEADER.subarray(1));
  await announce('10.0.0.2', 3, HEADER.subarray(0, 19));
  assert.equal(watch.heard().size, 0);
  await watch.close();
  await announce('10.0.0.2', 3);
  assert.equal(watch.heard().size, 0);
});

test('it sends nothing, and a lost interface does not affect the others', async () => {
  const clock = new SimulatedClock();
  const network = new SimulatedNetwork({ clock, random: seededRandom(1) });
  const host = network.host('10.0.0.1');
  const datagrams: Datagrams = {
    interfaces: () => host.interfaces(),
    async bind(options) {
      const socket = await host.bind(options);
      const join = socket.joinGroup.bind(socket);
      return Object.assign(socket, {
        send: () => assert.fail('it sends'),
        joinGroup(group: string, address: string) {
          if (address === '10.0.0.9') throw new Error('addMembership ENODEV');
          join(group, address);
        },
      });
    },
  };
  const watch = await watchDomains({ datagrams, interfaces: ['10.0.0.9', '10.0.0.1'], domainId: 7 });
  const socket = await network.host('10.0.0.2').bind({ address: '0.0.0.0', port: 0, onDatagram: () => undefined });
  socket.send([HEADER], multicastPort(3), MULTICAST_GROUP);
  clock.advance(1);
  assert.deepEqual([...watch.heard().keys()], [3]);
  await watch.close();
});

test('a flood of addresses makes it store no more than sixteen for each domain', async () => {
  const { watch, announce } = await scene();
  for (let host = 2; host < 40; host += 1) await announce(`10.0.0.${host}`, 3);
  assert.equal(watch.heard().get(3)?.length, 16);
  await watch.close();
});
