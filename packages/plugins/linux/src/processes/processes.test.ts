import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { App, JsonValue } from '@medkit/core';
import { app } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { RosAccess } from '@medkit/plugin';
import { procFolder } from '../proc/proc-folder.ts';
import { FakeMachine } from '../testing/fake-machine.ts';
import { CpuMeter } from './cpu-meter.ts';
import { Processes } from './processes.ts';

interface Said {
  readonly nodes?: Readonly<Record<string, string>>;
  readonly processes?: Readonly<
    Record<string, { readonly id: number; readonly hostname?: string; readonly name?: string }>
  >;
  readonly beacons?: Readonly<Record<string, JsonValue>>;
}

/** Runs a machine with announcements on the network: nodes by participant, processes by participant, beacons by app. */
function setUp({ nodes = {}, processes = {}, beacons = {} }: Said = {}) {
  const machine = new FakeMachine();
  const clock = new SimulatedClock();
  const requests: string[] = [];
  const graph = {
    nodes: Object.entries(nodes).map(([fqn, participant]) => ({ fqn, participants: [participant] })),
    participants: Object.entries(processes).map(([guidPrefix, process]) => ({ guidPrefix, process })),
  };
  const ros = { graph: async () => graph } as unknown as RosAccess;
  const found = new Processes({
    proc: procFolder({ ...machine, root: '/' }),
    meter: new CpuMeter(),
    context: {
      clock,
      ros,
      request: async ({ path }) => {
        requests.push(path);
        const body = beacons[path.split('/')[2]];
        return { status: body === undefined ? 404 : 200, headers: {}, body };
      },
    },
    ttlMs: 10_000,
  });
  const processOf = async (entity: App) => (await found.of(entity))?.id;
  return { machine, clock, requests, found, processOf };
}

const node = (fqn: string, fields: Partial<App> = {}) =>
  app(fqn.slice(1).replaceAll('/', '_'), { node: fqn, ...fields });

describe('3.4 PID cache', () => {
  it('finds the process of a node by its command line', async () => {
    const { machine, processOf } = setUp();
    machine.run(12, { args: ['/opt/lidar', '--ros-args', '-r', '__node:=lidar', '-r', '__ns:=/robot'] });
    assert.equal(await processOf(node('/robot/lidar')), 12);
    assert.equal(await processOf(node('/lidar')), undefined);
    assert.equal(await processOf(app('declared', { binding: { nodeName: 'lidar', namespace: 'robot' } })), 12);
    assert.equal(await processOf(app('any', { binding: { nodeName: 'lidar', namespace: '/*' } })), undefined);
  });

  it('scans all processes once for all requests within its time to live', async () => {
    const { machine, clock, processOf } = setUp();
    machine.run(12, { args: ['x', '__node:=lidar'] });
    await Promise.all([processOf(node('/lidar')), processOf(node('/none')), processOf(node('/lidar'))]);
    const looks = () => machine.reads.filter((path) => path === '/proc').length;
    assert.equal(looks(), 1);
    clock.advance(9_999);
    assert.equal(await processOf(node('/lidar')), 12);
    assert.equal(looks(), 1);
    clock.advance(1);
    assert.equal(await processOf(node('/lidar')), 12);
    assert.equal(looks(), 2);
  });

  it('scans again after a second for the process of a node that just started', async () => {
    const { machine, clock, processOf } = setUp();
    const looks = () => machine.reads.filter((path) => path === '/proc').length;
    assert.equal(await processOf(node('/late')), undefined);
    machine.run(13, { args: ['x', '__node:=late'] });
    clock.advance(999);
    assert.equal(await processOf(node('/late')), undefined);
    assert.equal(looks(), 1);
    clock.advance(1);
    assert.equal(await processOf(node('/late')), 13);
    assert.deepEqual([await processOf(node('/elsewhere')), looks()], [undefined, 2]);
  });

  it('reads a command line again only if another program runs', async () => {
    const { machine, clock, found } = setUp();
    machine.run(12, { name: 'sh', args: ['sh', 'start.sh'] });
    machine.run(13, { name: 'lidar', args: ['lidar'] });
    await found.table();
    machine.reads.length = 0;
    machine.run(12, { name: 'planner', args: ['planner', '__node:=planner'] });
    clock.advance(10_000);
    const table = await found.table();
    assert.deepEqual(table.get(12)?.args, ['planner', '__node:=planner']);
    assert.deepEqual(
      machine.reads.filter((path) => path.endsWith('cmdline')),
      ['/proc/12/cmdline'],
    );
  });

  it('is empty without /proc', async () => {
    const { machine, found, processOf } = setUp();
    assert.equal((await found.table()).size, 0);
    assert.equal(await processOf(node('/lidar')), undefined);
    assert.ok(machine.reads.length > 0);
  });

  it('leaves out processes that end while they are read, and empty files', async () => {
    const { machine, found } = setUp();
    machine.write('/proc/5/cmdline', 'x\0');
    machine.write('/proc/6/stat', 'nonsense');
    machine.write('/proc/self/stat', 'no number');
    machine.run(7);
    assert.deepEqual([...(await found.table()).keys()], [7]);
  });

  it('finds the process that was started last if two run a node of one name', async () => {
    const { machine, processOf } = setUp();
    machine.run(30, { args: ['x', '__node:=lidar'], startTicks: 50 });
    machine.run(20, { args: ['x', '__node:=lidar'], startTicks: 80 });
    assert.equal(await processOf(node('/lidar')), 20);
  });
});

describe('3.4 [weak] nodes that no command line names', () => {
  const CONTAINER = { name: 'component_conta', args: ['/opt/ros/component_container'] };

  it('are found by the announcement of their participant, several in one process', async () => {
    const { machine, processOf } = setUp({
      nodes: { '/a': 'p1', '/b': 'p1', '/far': 'p2', '/boxed': 'p3', '/shy': 'p4' },
      processes: {
        p1: { id: 40, hostname: 'robot', name: 'component_container' },
        p2: { id: 40, hostname: 'other' },
        p3: { id: 40, hostname: 'robot', name: 'another_program' },
        p4: { id: 40 },
      },
    });
    machine.run(40, CONTAINER);
    assert.deepEqual([await processOf(node('/a')), await processOf(node('/b'))], [40, 40]);
    assert.equal(await processOf(node('/far')), undefined, 'the same number on another machine');
    assert.equal(await processOf(node('/boxed')), undefined, 'the same number in a container');
    assert.equal(await processOf(node('/shy')), undefined, 'a number alone says too little');
  });

  it('are found by their beacon, which is asked once', async () => {
    const { machine, requests, processOf } = setUp({
      beacons: {
        composed: { process_id: 40, hostname: 'robot', process_name: '' },
        far: { process_id: 40, hostname: 'other' },
        mute: { process_id: 0 },
        odd: [],
      },
    });
    machine.run(40, CONTAINER);
    const beacon = (id: string) => app(id, { node: `/${id}`, capabilities: ['x-medkit-beacon'] });
    assert.equal(await processOf(beacon('composed')), 40);
    assert.equal(await processOf(beacon('composed')), 40);
    assert.deepEqual(requests, ['/apps/composed/x-medkit-beacon']);
    for (const id of ['far', 'mute', 'odd', 'gone']) assert.equal(await processOf(beacon(id)), undefined, id);
    assert.equal(await processOf(app('plain')), undefined);
    assert.equal(requests.length, 5);
  });

  it('are resolved by their beacon rather than by a likely name', async () => {
    const { machine, processOf } = setUp({ beacons: { arm: { process_id: 40, process_name: 'component_container' } } });
    machine.run(40, CONTAINER);
    machine.run(41, { args: ['/opt/arm'] });
    assert.equal(await processOf(app('arm', { node: '/arm' })), 41);
    assert.equal(await processOf(app('arm', { node: '/arm', capabilities: ['x-medkit-beacon'] })), 40);
  });

  it('are found by the name of their program if only one runs', async () => {
    const { machine, clock, processOf } = setUp();
    machine.run(50, { args: ['/usr/bin/python3', '/opt/bridge.py'] });
    assert.equal(await processOf(node('/bridge')), 50);
    machine.run(51, { args: ['/usr/bin/python3', '/opt/bridge.py'] });
    clock.advance(10_000);
    assert.equal(await processOf(node('/bridge')), undefined);
  });
});
