import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, FAULT_MANAGER_ID, isPromise } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { LocalFaults, type OpenFaultManager } from '@medkit/faults';
import { StoreFull } from '@medkit/store';
import type { BridgeSettings } from '../bridges/fault-bridges.ts';
import { ros2Runtime } from '../ros2-runtime.ts';
import { FakeRos, rosNode } from '../testing/fake-ros.ts';
import { faultOptions, memoryFaultManager } from '../testing/memory-fault-manager.ts';
import { publisherOf, settle } from '../testing/running-runtime.ts';

const REPORT = { fault_code: 'A', event_type: 0, severity: 2, description: '', source_id: '/a' };
const QUERY = { statuses: ['CONFIRMED'], includeMuted: false } as const;

/** Starts a runtime with a local fault manager, opened by `openManager`. */
async function started(
  openManager: (clock: SimulatedClock) => Promise<OpenFaultManager>,
  { clock = new SimulatedClock(), ros = new FakeRos(), bridges = {} as BridgeSettings } = {},
) {
  const logged: string[] = [];
  const log = (_: string, message: string) => logged.push(message);
  const faults = new LocalFaults({ openManager: () => openManager(clock), clock, log });
  const runtime = ros2Runtime({
    adapter: ros,
    clock,
    random: seededRandom(1),
    host: { hostname: 'amr', osName: 'Debian 12', machine: 'x86_64' },
    faults: {
      settings: { mode: 'own', namespace: '', serviceTimeoutMs: 1000 },
      host: faults,
      bridges,
      files: new MemoryFiles(),
    },
  });
  await runtime.start({
    changed: () => undefined,
    record: () => undefined,
    recorded: () => [],
    faultChanged: () => undefined,
    operationChanged: () => undefined,
    serviceCalled: () => undefined,
    configurationChanged: () => undefined,
    dataChanged: () => undefined,
    log,
  });
  await settle();
  const call = () => callContext({ clock, timeoutMs: 1000 });
  const list = async () => faults.provider.list(FAULT_MANAGER_ID, QUERY, call());
  const clear = (code: string) => faults.provider.clear(FAULT_MANAGER_ID, code, { cascade: false }, call());
  const report = async () => (await ros.services.get('/fault_manager/report_fault')!(REPORT)).accepted;
  const warnings = async () => (await faults.health()).warnings.filter(({ code }) => code.startsWith('fault'));
  const stop = async () => {
    await faults.close();
    await runtime.stop();
  };
  return { clock, ros, runtime, faults, logged, stop, list, clear, report, warnings };
}

describe('faults that cannot be stored', () => {
  it('are refused with the reason, and stored as soon as they can be', async () => {
    let full = true;
    const { clock, list, report, warnings, logged, stop, ros } = await started((clock) => {
      if (full) throw new StoreFull('/data/faults.db: the disk is full, make room');
      return memoryFaultManager(clock);
    });
    await assert.rejects(list(), { code: 'service-unavailable', message: /the disk is full, make room/ });
    const [warning] = await warnings();
    assert.deepEqual(warning?.code, 'faults_unavailable');
    assert.match(warning.message, /the disk is full, make room\. medkit retries every 10 s/);
    assert.equal(ros.services.has('/fault_manager/report_fault'), false);
    full = false;
    clock.advance(10_000);
    await settle();
    assert.equal(await report(), true);
    assert.equal((await list()).faults.length, 1);
    assert.deepEqual(await warnings(), []);
    assert.ok(logged.some((line) => line.includes('the disk is full')));
    await stop();
    assert.equal(ros.closedNodes, 2);
  });

  it('are listed immediately, as the same list until one changes', async () => {
    const { faults, stop, report } = await started((clock) => memoryFaultManager(clock));
    await report();
    const call = callContext({ clock: new SimulatedClock(), timeoutMs: 1000 });
    const list = () => faults.provider.list(FAULT_MANAGER_ID, QUERY, call);
    const before = list();
    assert.ok(!isPromise(before));
    assert.equal(before.faults.length, 1);
    assert.equal(list(), before);
    await report();
    assert.notEqual(list(), before);
    await stop();
  });

  it('are not accepted while the disk fails, which health shows until it works again', async () => {
    let full = false;
    const { report, clear, warnings, ros } = await started(async (clock) => {
      const opened = await memoryFaultManager(clock);
      const failing = (): Promise<never> => Promise.reject(new StoreFull('the disk is full'));
      const { manager } = opened;
      const sometimes = {
        ...manager,
        list: manager.list.bind(manager),
        get: manager.get.bind(manager),
        onEvent: manager.onEvent.bind(manager),
        stop: manager.stop.bind(manager),
        report: (report: Parameters<typeof manager.report>[0]) => (full ? failing() : manager.report(report)),
        clear: (...args: Parameters<typeof manager.clear>) => (full ? failing() : manager.clear(...args)),
      };
      return { ...opened, manager: sometimes };
    });
    assert.equal(await report(), true);
    full = true;
    assert.equal(await report(), false);
    assert.deepEqual(
      (await warnings()).map(({ code, message }) => [code, /the disk is full/.test(message)]),
      [['faults_not_stored', true]],
    );
    await assert.rejects(clear('A'), { code: 'service-unavailable', message: 'the disk is full' });
    assert.deepEqual(await ros.services.get('/fault_manager/clear_fault')!({ fault_code: 'A' }), {
      success: false,
      message: 'the disk is full',
    });
    full = false;
    assert.equal(await report(), true);
    assert.deepEqual(await warnings(), []);
  });

  it('close a store that was opened when they are stopped meanwhile', async () => {
    let closed = 0;
    const opening = Promise.withResolvers<void>();
    const { stop, ros } = await started(async (clock) => {
      await opening.promise;
      const opened = await memoryFaultManager(clock);
      return {
        ...opened,
        close: async () => {
          closed++;
          await opened.close();
        },
      };
    });
    const stopped = stop();
    opening.resolve();
    await stopped;
    assert.deepEqual([closed, ros.closedNodes], [1, 1], 'nobody was offered it');
  });
});

describe('faults of a gateway', () => {
  it('continue when the runtime leaves the graph, and removes its nodes', async () => {
    const { runtime, ros, list, report, faults } = await started((clock) => memoryFaultManager(clock));
    assert.equal(await report(), true);
    await runtime.stop();
    assert.equal(ros.closedNodes, 2);
    assert.equal((await list()).faults.length, 1);
    const plc = { code: 'B', event: 'FAILED', severity: 2, description: '', source: 'plc' } as const;
    assert.equal(await faults.report(plc), true);
    await faults.close();
  });

  it('are stored without a graph in the mode auto, and refused with a warning in the mode attach', async () => {
    const modes = [
      ['auto', true],
      ['attach', false],
    ] as const;
    for (const [mode, isAccepted] of modes) {
      const ros = new FakeRos();
      ros.node = () => Promise.reject(new Error('no network'));
      const clock = new SimulatedClock();
      const { host: faults, ...rest } = faultOptions(clock, { mode });
      const host = { hostname: 'amr', osName: 'Debian 12', machine: 'x86_64' };
      const runtime = ros2Runtime({
        adapter: ros,
        clock,
        random: seededRandom(1),
        host,
        faults: { ...rest, host: faults },
      });
      const nothing = () => undefined;
      const runtimeHost = {
        changed: nothing,
        dataChanged: nothing,
        record: nothing,
        recorded: () => [],
        faultChanged: nothing,
        operationChanged: nothing,
        serviceCalled: nothing,
        configurationChanged: nothing,
        log: nothing,
      };
      await assert.rejects(runtime.start(runtimeHost), /no network/);
      const report = { code: 'B', event: 'FAILED', severity: 2, description: '', source: 'plc' } as const;
      assert.equal(await faults.report(report), isAccepted);
      assert.equal((await faults.health()).warnings.length, isAccepted ? 0 : 1);
      await faults.close();
    }
  });
});

describe('faults from other reports of a robot', () => {
  it('are stored like any other, also those that arrive before the fault manager is open', async () => {
    const clock = new SimulatedClock();
    const ros = new FakeRos();
    const rosout = publisherOf('/rosout', { type: 'rcl_interfaces/msg/Log' });
    ros.change({ nodes: [rosNode('/driver')], endpoints: [rosout] });
    const logs = {
      severityFloor: 30,
      codePrefix: 'LOG',
      sourceId: '',
      excludeNodes: [],
      includeOnlyNodes: [],
      excludeMedkitStack: true,
      cooldownMs: 5000,
    };
    const opening = Promise.withResolvers<void>();
    const { list } = await started(
      async () => {
        await opening.promise;
        return memoryFaultManager(clock);
      },
      { clock, ros, bridges: { logs } },
    );
    ros.deliver('/rosout', { level: 40, name: 'driver.usb', msg: 'device lost', stamp: { sec: 1, nanosec: 0 } });
    opening.resolve();
    await settle();
    const { faults } = await list();
    assert.deepEqual(
      faults.map(({ fault }) => [fault.description, fault.sources, fault.reporters]),
      [['device lost', ['/driver'], [{ runtime: 'ros2', source: '/driver' }]]],
    );
  });
});
