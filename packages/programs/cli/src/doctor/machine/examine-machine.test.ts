import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgramEnd } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { examineMachine } from './examine-machine.ts';
import type { MachineFacts } from './machine-facts.ts';

const udp = (...rows: readonly string[]) => ['header', ...rows].join('\n');
const row = (port: string, inode: number) =>
  `1: 0100007F:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000 1000 0 ${inode} 2 0 0`;

function machine(
  texts: Record<string, string>,
  end: ProgramEnd = { outcome: 'missing' },
  freeSpace = async (folder: string): Promise<MachineFacts['disk']> => ({ folder, freeBytes: 7 }),
) {
  const clock = new SimulatedClock();
  const files = new MemoryFiles(texts);
  files.links.set('/proc/4711/fd/9', 'socket:[21]').set('/proc/99/fd/3', 'socket:[22]');
  const edges = {
    clock,
    files,
    programs: { run: async () => end },
    freeSpace,
  };
  return { clock, files, look: () => examineMachine({ edges, dataFolder: '/var/lib/medkit', currentPid: 99 }) };
}

test('a robot on loopback is found by its sockets, with its program; medkit itself is not', async () => {
  const { look } = machine({
    '/proc/net/udp': udp(row('28A0', 20), row('28AA', 21), row('28AB', 22)),
    '/proc/4711/cmdline': '/opt/ros/talker\0',
    '/proc/4711/fd/9': '',
    '/proc/99/cmdline': 'node\0',
    '/proc/99/fd/3': '',
  });
  const { sockets, processes } = await (await look())();
  assert.deepEqual(
    sockets.map(({ domainId, process }) => [domainId, process?.name]),
    [
      [12, undefined],
      [12, 'talker'],
    ],
  );
  assert.deepEqual(
    processes.map(({ id }) => id),
    [4711],
  );
});

test('changes during the examination are found: lost datagrams, and a clock that is set', async () => {
  const texts = { '/proc/net/snmp': 'Udp: RcvbufErrors\nUdp: 40\n' };
  const { clock, files, look } = machine(texts, { outcome: 'exited', code: 0, output: 'no\n', errors: '' });
  const settle = await look();
  files.put('/proc/net/snmp', 'Udp: RcvbufErrors\nUdp: 47\n');
  clock.advance(8000);
  clock.stepWall(2000);
  const facts = await settle();
  assert.equal(facts.lostDatagrams, 7);
  assert.equal(Math.round(facts.clock.jumpedMs), 2000);
  assert.equal(facts.clock.synchronised, false);
});

test('interfaces are reported with their addresses and MTU, and only those that are up', async () => {
  const net = (name: string, flags: string, mtu: string) => ({
    [`/sys/class/net/${name}/flags`]: flags,
    [`/sys/class/net/${name}/mtu`]: mtu,
  });
  const { look } = machine({
    ...net('lo', '0x9\n', '65536\n'),
    ...net('wg0', '0x91\n', '1200\n'),
    ...net('eth0', '0x1002\n', '1500\n'),
  });
  assert.deepEqual((await (await look())()).links, [
    { name: 'lo', mtu: 65_536, loopback: true, multicast: false },
    { name: 'wg0', mtu: 1200, loopback: false, multicast: false },
  ]);
});

test('facts that are not read in time are left out', { timeout: 5000 }, async () => {
  const { clock, look } = machine({}, undefined, () => new Promise(() => undefined));
  const looking = look();
  while (clock.timers === 0) await new Promise(setImmediate);
  clock.advance(5000);
  assert.equal((await (await looking)()).disk, undefined);
});

test('on a machine without sockets, processes and interfaces nothing is found', async () => {
  const { look } = machine({});
  const facts = await (await look())();
  assert.deepEqual([facts.sockets, facts.processes, facts.links, facts.sharedMemory], [[], [], [], []]);
  assert.equal(facts.clock.synchronised, undefined);
});
