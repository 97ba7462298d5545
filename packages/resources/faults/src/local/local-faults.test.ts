import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, FAULT_MANAGER_ID, type Fault, type FaultEvent } from '@medkit/core';
import { Quota, type QuotaFigures } from '@medkit/edges';
import { correlation } from '../correlation/correlation.ts';
import { evidenceRegistry } from '../evidence/evidence-registry.ts';
import type { CatalogueRecording } from '../recordings/catalogue/recording-rows.ts';
import { robotFaults } from '../testing/robot-faults.ts';
import type { FaultMemory } from './fault-memory.ts';
import { LocalFaults } from './local-faults.ts';
import type { OpenFaultManager } from './open-fault-manager.ts';

const REPORT = { code: 'A', event: 'FAILED', severity: 2, description: '', source: '/a' } as const;
const QUERY = { statuses: ['CONFIRMED'], includeMuted: false } as const;

const BAG: CatalogueRecording = {
  id: 'bag',
  faultCodes: ['A'],
  path: '/data/bag',
  format: 'mcap',
  octets: 1,
  durationMs: 1,
  createdAtNs: 1n,
};

/** The faults of a gateway with an in-memory fault manager; `open` runs before it is opened. */
async function play(open: () => Promise<void> | void = () => undefined) {
  const { manager, store, clock } = await robotFaults();
  const steps: string[] = [];
  const events: FaultEvent[] = [];
  const opened: OpenFaultManager = {
    manager,
    correlation: correlation([]),
    snapshots: {
      of: async () => [],
      meaningOf: () => undefined,
      facts: () => ({ running: 0, waiting: 0, dropped: 0, lost: 0, quotas: {} }),
      stop: async () => undefined,
    },
    logs: { of: async () => [], figures: () => new Quota(64).figures(), stop: async () => undefined },
    recordings: {
      of: async () => [],
      ofSources: async () => [BAG],
      find: async () => BAG,
      files: async ({ path }) => [{ name: 'bag_0.mcap', size: 1, tag: path, read: () => assert.fail('nobody reads') }],
      summary: async () => undefined,
      remove: async () => 0,
      shed: async () => false,
      recent: () => undefined,
      facts: async () => ({ blackBox: undefined, recordings: 0, octets: 0 }),
      stop: async () => undefined,
    },
    health: async () => ({ warnings: [], figures: { kept: true }, quotas: { faults: new Quota(8).figures() } }),
    close: async () => {
      steps.push('closed');
      await manager.stop();
      await store.close();
    },
  };
  const faults = new LocalFaults({
    openManager: async () => {
      await open();
      return opened;
    },
    clock,
    log: (_, message) => steps.push(message),
  });
  faults.start((event) => events.push(event));
  const list = async () =>
    (await faults.provider.list(FAULT_MANAGER_ID, QUERY, callContext({ clock, timeoutMs: 1000 }))).faults;
  const block = async () => (await faults.health()).blocks['x-medkit-faults'];
  return { faults, clock, steps, events, list, block };
}

const memory: FaultMemory = {
  provider: {
    list: async () => ({ faults: [], muted: [], clusters: [] }),
    get: async () => undefined,
    occurrences: async () => [],
    clear: async () => false,
    recordings: async () => [],
    recording: async () => undefined,
    eventsAfter: async () => ({ events: [], oldestId: 0, newestId: 0 }),
    eventsOf: async () => ({ events: [], oldestId: 0, newestId: 0 }),
  },
  report: async () => true,
  amend: async () => undefined,
  standing: () => undefined,
  health: async () => ({ warnings: [], figures: { attached: true } }),
};

describe('the faults of a gateway', () => {
  it('are stored without any runtime, and emit their events', async () => {
    const { faults, events, list, block } = await play();
    const served = await faults.own();
    assert.equal(await faults.own(), served, 'they are opened once');
    assert.equal(await faults.report(REPORT), true);
    assert.equal((await list()).length, 1);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['fault_confirmed'],
    );
    assert.deepEqual(await faults.standing('A'), {
      stands: true,
      isConfirmed: true,
      lastOccurredNs: (await list())[0]?.fault.lastOccurredNs,
    });
    const standingOf = async (source: string) => {
      const { isFailing, otherSourceFails } = (await faults.standing('A', { source })) ?? {};
      return [isFailing, otherSourceFails];
    };
    assert.deepEqual(await standingOf('/a'), [true, undefined]);
    assert.deepEqual(await standingOf('/b'), [false, true]);
    assert.deepEqual([(await block())?.['mode'], (await block())?.['reports_accepted_total']], ['own', 1]);
    await faults.close();
    assert.equal(await faults.report(REPORT), false);
    await assert.rejects(list(), { code: 'service-unavailable' });
  });

  it('open their recordings themselves, and do not expose the path', async () => {
    const { faults, clock } = await play();
    void faults.own();
    const call = callContext({ clock, timeoutMs: 1000 });
    const [listed] = await faults.provider.recordings(FAULT_MANAGER_ID, ['/a'], call);
    const named = await faults.provider.recording(FAULT_MANAGER_ID, 'bag', call);
    const { path: _, ...expected } = BAG;
    for (const recording of [listed, named]) {
      const { files, summary: _summary, ...facts } = recording ?? {};
      assert.deepEqual(facts, { kind: 'recording', ...expected });
      assert.deepEqual(
        (await files?.())?.map(({ tag }) => tag),
        ['/data/bag'],
      );
    }
    await faults.close();
  });

  it('accept reports before they are open, a limited number from each source', async () => {
    const opening = Promise.withResolvers<void>();
    const { faults, list } = await play(() => opening.promise);
    const early = Array.from({ length: 257 }, (_, at) => faults.report({ ...REPORT, code: `F${at}` }));
    assert.equal(await early[256], false);
    const other = faults.report({ ...REPORT, source: '/other', code: 'OTHER' });
    void faults.own();
    opening.resolve();
    assert.deepEqual(new Set(await Promise.all(early.slice(0, 256))), new Set([true]));
    assert.equal(await other, true, 'another source has room');
    const quotas = (await faults.health()).blocks['x-medkit-quotas'] as Record<string, QuotaFigures>;
    const { early_fault_reports: reports, faults: quota } = quotas;
    assert.deepEqual([reports?.held, reports?.refused, quota?.capacity], [0, 1, 8]);
    assert.equal((await list()).length, 257);
    await faults.close();
  });

  it('are retried if they cannot be opened, and waiting calls then receive them', async () => {
    let full = true;
    const { faults, clock, steps, list } = await play(() => {
      if (full) throw new Error('the disk is full');
    });
    const served = faults.own();
    await assert.rejects(list(), { message: 'Faults cannot be served: the disk is full' });
    assert.deepEqual(
      (await faults.health()).warnings.map(({ code }) => code),
      ['faults_unavailable'],
    );
    full = false;
    clock.advance(10_000);
    assert.ok(await served);
    assert.deepEqual([(await list()).length, steps], [0, ['Faults cannot be served: the disk is full']]);
    await faults.close();
  });

  it('are those of a manager of a runtime until that leaves, and the next attempt looks again', async () => {
    const { faults, list, block, steps } = await play();
    const { sampler, taps, logs } = evidenceRegistry();
    const early = faults.report(REPORT);
    const leaveGraph = faults.join({ runtime: 'ros2', sources: { sampler, taps, logs }, figures: { node: '/fm' } });
    const leave = faults.attach(memory);
    assert.equal(await early, true);
    assert.deepEqual(await block(), { mode: 'attached', node: '/fm', attached: true });
    leave();
    leaveGraph();
    await assert.rejects(list(), {
      message: 'Faults cannot be served: the gateway left the graph of their fault manager',
    });
    assert.deepEqual(await block(), { mode: 'looking' });
    const [warning] = (await faults.health()).warnings;
    assert.equal(
      warning?.message,
      'Faults are neither accepted nor served: the gateway left the graph of their fault manager.',
    );
    assert.deepEqual(steps, [], 'its own was not opened');
    assert.ok(await faults.own());
    assert.equal(await faults.report(REPORT), true);
    assert.deepEqual((await faults.health()).warnings, []);
    await faults.close();
  });

  it('are withdrawn from all clients before they are closed', async () => {
    const { faults, steps } = await play();
    await faults.own();
    faults.beforeEnd(async () => void steps.push('taken out of the graph'));
    faults.beforeEnd(async () => void steps.push('nobody hears this'))();
    await Promise.all([faults.close(), faults.close()]);
    faults.beforeEnd(async () => void steps.push('late'));
    assert.deepEqual(steps, ['taken out of the graph', 'closed', 'late']);
  });

  it('are offered to no client if they are closed while they are opened', async () => {
    const opening = Promise.withResolvers<void>();
    const { faults, steps } = await play(() => opening.promise);
    const served = faults.own();
    const closed = faults.close();
    opening.resolve();
    await closed;
    assert.deepEqual([await served, steps], [undefined, ['closed']]);
  });
});

describe('a fault of a runtime that records its faults itself', () => {
  it('is listed with its record, which is requested with every list', async () => {
    const { faults, clock, list } = await play();
    let queries = 0;
    const records = { has: ({ code }: Fault) => code === 'A', of: () => ({ name: `RTMaps fault A (${++queries})` }) };
    const leave = faults.join({ runtime: 'island', sources: { ...evidenceRegistry(), records }, figures: {} });
    await faults.own();
    await faults.report(REPORT);
    await faults.report({ ...REPORT, code: 'B' });
    const names = async () => (await list()).map(({ fault, record }) => [fault.code, record?.name]);
    assert.deepEqual(await names(), [
      ['A', 'RTMaps fault A (1)'],
      ['B', undefined],
    ]);
    assert.deepEqual((await names())[0], ['A', 'RTMaps fault A (2)']);
    const detail = await faults.provider.get(FAULT_MANAGER_ID, 'A', callContext({ clock, timeoutMs: 1000 }));
    assert.equal(detail?.record?.name, 'RTMaps fault A (3)');
    leave();
    assert.deepEqual(await names(), [
      ['A', undefined],
      ['B', undefined],
    ]);
    await faults.close();
  });
});
