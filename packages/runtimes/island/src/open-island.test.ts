import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, logBuffers, openModel } from '@medkit/core';
import { Quota } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { type Declaration, ingestWriter } from '@medkit/ingest';
import { ISLAND, islandRuntime } from './island-runtime.ts';

const KEY = new Uint8Array(32).fill(1);
const DECLARATION: Declaration = {
  runtime: 'RTMaps',
  area: { id: 'safety_island', name: 'Safety Island' },
  components: [{ id: 'safety_controller', name: 'Safety controller' }],
  apps: [
    {
      id: 'safety_gate',
      name: 'Safety gate',
      component: 'safety_controller',
      ports: [
        { id: 'min_range_m', type: 'float64', unit: 'm', role: 'measured', label: 'nearest obstacle' },
        { id: 'stopped', type: 'bool' },
        { id: 'stop_limit_m', type: 'float64', role: 'threshold', of: 'min_range_m', blocks_motion: true },
      ],
      faults: [],
    },
  ],
};

/** Runs an island in a gateway without faults; the test controls the sender. */
async function play(files = new MemoryFiles()) {
  const clock = new SimulatedClock();
  let onMessage: (octets: Uint8Array) => boolean = () => false;
  const runtime = islandRuntime({
    address: 'udp:127.0.0.1:7799',
    listen: async (listener) => {
      onMessage = listener;
      return {
        close: async () => undefined,
        counts: { messages: 0, connections: 0, displaced: 0, badFrames: 0 },
        quota: new Quota(16),
      };
    },
    key: KEY,
    silentMs: 250,
    historyMs: 1000,
    sessionPath: '/data/island.json',
    files,
    clock,
  });
  const model = await openModel({
    runtimes: [runtime],
    clock,
    log: () => undefined,
    logs: logBuffers({ entriesPerLogger: 1 }),
  });
  const writer = ingestWriter({ session: 5n, key: KEY, declaration: DECLARATION });
  const declare = (timeUs: bigint) => onMessage(writer.declaration(timeUs));
  const state = (timeUs: bigint, rangeM: number, stopped: boolean) =>
    onMessage(writer.state(timeUs, [rangeM, stopped, 0.5], []));
  const settle = (ms: number) => clock.advanceAsync(ms, 10);
  const data = model.provider(ISLAND)!.data!;
  const call = () => callContext({ clock, timeoutMs: 1000 });
  const warnings = async () => (await model.health()).warnings.map(({ code }) => code);
  return { clock, files, model, runtime, declare, state, settle, data, call, warnings };
}

describe('an island', () => {
  it('has the entities that it declares, and is online while it sends', async () => {
    const { model, declare, state, settle, warnings } = await play();
    assert.deepEqual([model.tree.all('app'), await warnings()], [[], ['ingest_nothing']]);
    declare(1n);
    await settle(10);
    assert.equal(model.tree.get('app', 'safety_gate')?.online, false, 'it has said nothing yet');
    state(2n, 2.7, false);
    await settle(100);
    const gate = model.tree.get('app', 'safety_gate');
    assert.deepEqual([gate?.online, gate?.componentId], [true, 'safety_controller']);
    assert.equal(model.tree.get('component', 'safety_controller')?.areaId, 'safety_island');
    assert.deepEqual(await warnings(), []);
    await settle(400);
    assert.equal(model.tree.get('app', 'safety_gate')?.online, false);
    assert.deepEqual(await warnings(), ['ingest_silent']);
    await model.close();
  });

  it('has a port that blocks motion once it declares one, also after a restart of the gateway', async () => {
    const { runtime, declare, settle, files, model } = await play();
    assert.equal(runtime.hasBlockingPort(), false);
    declare(1n);
    assert.equal(runtime.hasBlockingPort(), true);
    await settle(1000);
    await model.close();
    assert.equal(runtime.hasBlockingPort(), false);
    const again = await play(files);
    assert.equal(again.runtime.hasBlockingPort(), true);
    await again.model.close();
  });

  it('has its ports as data, which are marked when they are old, and accepts no writes', async () => {
    const { declare, state, settle, data, call, model } = await play();
    declare(1n);
    const read = async (id: string) => data.read('apps/safety_gate', id, call());
    assert.equal((await read('min_range_m')).value, undefined);
    state(2n, 0.11, true);
    const { value, type, publisherCount, warnings } = await read('min_range_m');
    assert.deepEqual([value, type, publisherCount, warnings], [0.11, 'float64', 1, undefined]);
    assert.equal((await read('stopped')).value, true);
    await settle(500);
    const old = await read('min_range_m');
    assert.deepEqual([old.value, old.publisherCount], [0.11, 0]);
    assert.match(old.warnings?.[0] ?? '', /no message since/);
    await assert.rejects(read('speed'), { status: 404 });
    await assert.rejects(
      async () => data.write('apps/safety_gate', 'stopped', { type: undefined, value: false }, call()),
      { status: 400, message: /observes/ },
    );
    const entries = await data.list('apps/safety_gate', call());
    assert.deepEqual(
      entries.map(({ id }) => id),
      ['min_range_m', 'stopped', 'stop_limit_m'],
    );
    assert.deepEqual(await data.list('components/safety_controller', call()), []);
    await model.close();
  });

  it('sends every value of a port to its watchers, and the next one to a busy watcher', async () => {
    const { declare, state, settle, data, call, model } = await play();
    declare(1n);
    const values: unknown[] = [];
    const busy: unknown[] = [];
    const waiting = Promise.withResolvers<void>();
    const all = await data.watch!('apps/safety_gate', 'min_range_m', ({ value }) => void values.push(value), call());
    await data.watch!(
      'apps/safety_gate',
      'min_range_m',
      ({ value }) => {
        busy.push(value);
        return waiting.promise;
      },
      call(),
    );
    for (const [at, range] of [3, 2, 1].entries()) state(BigInt(at + 2), range, false);
    waiting.resolve();
    await settle(10);
    state(9n, 0.5, false);
    assert.equal((await all.kept?.())?.value, 0.5);
    await all.close();
    state(10n, 0.4, false);
    assert.deepEqual(
      [values, busy],
      [
        [3, 2, 1, 0.5],
        [3, 0.5, 0.4],
      ],
    );
    await model.close();
  });

  it('is still shown by a gateway that was restarted, which accepts no earlier message again', async () => {
    const { declare, state, settle, model, files } = await play();
    declare(1n);
    state(2n, 0.11, false);
    await settle(10);
    await model.close();
    const again = await play(files);
    assert.equal(again.model.tree.get('app', 'safety_gate')?.name, 'Safety gate');
    again.declare(1n);
    again.state(2n, 3, false);
    const { repeated } = (await again.model.health()).blocks['x-medkit-ingest'] as { repeated: number };
    assert.equal(repeated, 2);
    await again.settle(3500);
    assert.deepEqual(
      await again.warnings(),
      ['ingest_silent', 'ingest_session'].slice(0, (await again.warnings()).length),
    );
    await again.model.close();
  });
});
