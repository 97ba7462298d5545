import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type App, openModel } from '@medkit/core';
import { app, component, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { type Store, StoreFull } from '@medkit/store';
import { testStore } from '@medkit/store/testing';
import { startHistory } from './history-recorder.ts';
import { GATEWAY_KEY, type GatewayMark } from './history-row.ts';
import { readExcerpt } from './history-storage.ts';
import { HISTORY_TABLES } from './history-tables.ts';
import { pastRecord } from './past-record.ts';

/** The store in memory answers without a delay: a write has ended after a few turns of the event loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
const CAMERA = { kind: 'app', id: 'camera' } as const;
const read = (name: string, text: string) => ({ name, text, source: 'read' }) as const;

async function setUp(apps: readonly App[] = [app('camera', { node: '/camera' })]) {
  const clock = new SimulatedClock();
  const store = testStore({ clock, migrations: { history: HISTORY_TABLES } });
  const failure: { error?: Error } = {};
  const used: Store = {
    ...store,
    write: (...args) => (failure.error ? Promise.reject(failure.error) : store.write(...args)),
  };
  const database = { exists: async () => true, store: async () => used };
  const runtime = memoryRuntime({ apps });
  const lines: string[] = [];
  const log = (_level: string, message: string) => void lines.push(message);
  const model = await openModel({ runtimes: [runtime], clock, log });
  const start = () =>
    startHistory({ model, database, clock, log, bounds: { maxRows: 10_000, maxDays: 30 }, version: '1.2.3' });
  const rows = async () =>
    (await store.read('SELECT key, body FROM history ORDER BY id LIMIT 9000')).map(
      ({ key, body }) => `${key} ${body ?? 'removed'}`,
    );
  /** Changes the apps, and waits until the change is written. */
  const report = async (...next: readonly App[]): Promise<void> => {
    runtime.tell({ apps: next });
    clock.advance(300);
    await settled();
  };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  const at = async (recorder: ReturnType<typeof start>, tMs = clock.wallMs()) =>
    pastRecord((await readExcerpt(database, tMs))!, tMs, recorder.recording);
  return { clock, store, model, start, rows, report, pass, at, failure, lines, runtime };
}

const isMark = (row: string): boolean => row.startsWith(`${GATEWAY_KEY} `);

suite('recording the tree', () => {
  test('begins after the robot was discovered, and writes nothing while nothing changes', async () => {
    const { start, rows, pass, report, clock } = await setUp();
    const recorder = start();
    await pass(4000);
    assert.deepEqual(await rows(), []);
    await pass(1500);
    const first = await rows();
    assert.deepEqual(
      first.map((row) => row.split(' {')[0]),
      ['gateway', 'app camera'],
    );
    await pass(86_400_000);
    await report(app('camera', { node: '/camera' }));
    assert.deepEqual(await rows(), first);
    assert.ok(clock.timers < 5);
    await recorder.close();
  });

  test('follows apps that appear, go offline and are removed', async () => {
    const { start, report, pass, at, clock } = await setUp();
    const recorder = start();
    await pass(5500);
    const one = clock.wallMs();
    await report(app('camera', { node: '/camera', online: false }), app('lidar'));
    const two = clock.wallMs();
    await report(app('lidar'));
    const names = async (tMs: number) => (await at(recorder, tMs)).entities.map(({ id, online }) => `${id} ${online}`);
    assert.deepEqual(await names(one), ['camera true']);
    assert.deepEqual(await names(two), ['camera false', 'lidar true']);
    assert.deepEqual(await names(clock.wallMs()), ['lidar true']);
    await recorder.close();
  });

  test('writes only the differences after a restart, and marks the time between as a gap', async () => {
    const { start, rows, pass, at, clock } = await setUp();
    const first = start();
    await pass(5500);
    await first.close();
    const ended = clock.wallMs();
    await pass(60_000);
    const second = start();
    assert.equal((await at(second)).gap?.reason, 'starting');
    await pass(5500);
    assert.deepEqual((await rows()).map(isMark), [true, false, true, true]);
    const { gap } = await at(second, ended + 1000);
    assert.deepEqual([gap?.fromMs, gap?.reason], [ended, 'not_running']);
    assert.equal((await at(second)).gap, undefined);
    await second.close();
  });

  test('bounds the rows of a node that restarts all the time, and says that its state is uncertain', async () => {
    const { start, rows, report, pass, at, clock } = await setUp([app('camera'), app('lidar')]);
    const recorder = start();
    await pass(5500);
    for (let round = 0; round < 100; round += 1) await report(app('camera', { online: round % 2 === 1 }), app('lidar'));
    assert.equal((await rows()).filter((row) => row.startsWith('app camera')).length, 20);
    const [camera, lidar] = (await at(recorder)).entities;
    assert.deepEqual([camera?.unsteady, lidar?.unsteady], [true, undefined]);
    await report(app('camera', { online: false }), app('lidar'));
    await pass(660_000);
    const later = (await at(recorder)).entities[0];
    assert.deepEqual([later?.online, later?.unsteady], [false, undefined]);
    assert.ok(clock.wallMs() > 0);
    await recorder.close();
  });

  test('pauses while invented names flood the tree, and says so', async () => {
    const { start, rows, report, pass, at } = await setUp([]);
    const recorder = start();
    await pass(5500);
    const crowd = (round: number) => Array.from({ length: 900 }, (_, n) => app(`node_${round}_${n}`));
    for (let round = 0; round < 10; round += 1) await report(...crowd(round));
    const count = (await rows()).length;
    assert.ok(count < 8000, `${count} rows`);
    assert.equal((await at(recorder)).gap?.reason, 'overload');
    await pass(120_000);
    const { gap, entities } = await at(recorder);
    assert.equal(gap, undefined);
    assert.equal(entities.length, 900);
    await recorder.close();
  });

  test('resumes after the disk was full; the time between is a gap', async () => {
    const { start, report, pass, at, failure, lines, clock } = await setUp();
    const recorder = start();
    await pass(5500);
    failure.error = new StoreFull('the disk is full');
    await report();
    const full = clock.wallMs();
    await report(app('camera'));
    assert.equal((await at(recorder, full)).gap?.reason, 'failure');
    await pass(120_000);
    assert.equal(lines.length, 1, 'logged once');
    delete failure.error;
    await report(app('lidar'));
    await pass(61_000);
    const now = await at(recorder);
    assert.deepEqual([now.gap, now.entities.map(({ id }) => id)], [undefined, ['lidar']]);
    assert.equal((await at(recorder, full)).gap?.reason, 'failure');
    await recorder.close();
  });
});

suite('recording parameters', () => {
  const values = async ({ at }: Pick<Awaited<ReturnType<typeof setUp>>, 'at'>, recorder: Parameters<typeof at>[0]) =>
    (await at(recorder)).parameters.map(({ name, value, source }) => `${name} ${value} ${source}`);

  test('writes a value when it is first read and when it changes, and no secret', async () => {
    const scene = await setUp();
    const recorder = scene.start();
    await scene.pass(5500);
    const all = [read('speed', '0.6'), read('api_key', '"s3cr3t"')];
    recorder.learned(CAMERA, all);
    await scene.pass(300);
    const count = (await scene.rows()).length;
    recorder.learned(CAMERA, all, true);
    await scene.pass(300);
    assert.equal((await scene.rows()).length, count);
    recorder.learned(CAMERA, [{ name: 'speed', text: '0.8', source: 'written' }]);
    await recorder.flush();
    assert.deepEqual(await values(scene, recorder), ['speed 0.8 written']);
    assert.doesNotMatch((await scene.rows()).join(), /s3cr3t/);
    recorder.learned(CAMERA, [read('gain', '1')], true);
    await recorder.flush();
    assert.deepEqual(await values(scene, recorder), ['gain 1 read'], 'the complete list no longer has the other one');
    await recorder.close();
  });

  test('forgets the values of a process that ended, and those of an earlier start of the gateway', async () => {
    const scene = await setUp();
    const recorder = scene.start();
    await scene.pass(5500);
    recorder.learned(CAMERA, [read('speed', '0.6')]);
    await scene.pass(300);
    scene.runtime.tell({ apps: [app('camera', { online: false })] });
    scene.clock.advance(10);
    await scene.report(app('camera', { node: '/camera' }));
    assert.deepEqual(await values(scene, recorder), [], 'a restart within one write');
    recorder.learned(CAMERA, [read('speed', '0.6')]);
    await recorder.flush();
    assert.deepEqual(await values(scene, recorder), ['speed 0.6 read']);
    await recorder.close();
    const second = scene.start();
    await scene.pass(5500);
    assert.deepEqual(await values(scene, second), []);
    await second.close();
  });

  test('of a change of several values together, none is known', async () => {
    const scene = await setUp([app('camera', { address: { runtime: 'memory', nativeId: '/camera' } })]);
    const recorder = scene.start();
    await scene.pass(5500);
    const change = { runtime: 'memory', nativeId: '/camera', count: 1, firstNs: 0n, lastNs: 0n };
    scene.model.events.emit('configuration.changed', { ...change, name: 'speed', to: '0.7' });
    await recorder.flush();
    assert.deepEqual(await values(scene, recorder), ['speed 0.7 observed']);
    scene.model.events.emit('configuration.changed', { ...change, count: 50 });
    await recorder.flush();
    assert.deepEqual(await values(scene, recorder), []);
    await recorder.close();
  });

  test('bounds hostile names and values', async () => {
    const scene = await setUp();
    const recorder = scene.start();
    await scene.pass(5500);
    const names = ['a\u0000b', '"', "'; DROP TABLE history; --", '\ud800', '__proto__', '%', 'x'.repeat(300)];
    recorder.learned(
      CAMERA,
      names.map((name) => read(name, '1')),
    );
    recorder.learned(CAMERA, [read('long', JSON.stringify('y'.repeat(100_000)))]);
    recorder.learned(
      CAMERA,
      Array.from({ length: 3000 }, (_, n) => read(`p${n}`, '1')),
    );
    await recorder.flush();
    const { parameters } = await scene.at(recorder);
    assert.ok(parameters.length <= 1000, `${parameters.length} parameters`);
    const found = new Map(parameters.map(({ name, value }) => [name, value]));
    for (const name of names.slice(0, 6)) assert.equal(found.get(name), '1', JSON.stringify(name));
    assert.deepEqual([found.has('x'.repeat(300)), found.has('long'), found.get('long')], [false, true, undefined]);
    await recorder.close();
  });
});

test('versions of components are part of the record', async () => {
  const { start, pass, at, runtime, clock } = await setUp();
  runtime.tell({ components: [component('arm', { identity: { softwareVersion: '4.1', firmwareVersion: '7' } })] });
  const recorder = start();
  await pass(5500);
  const before = clock.wallMs();
  runtime.tell({ components: [component('arm', { identity: { softwareVersion: '4.2', firmwareVersion: '7' } })] });
  await pass(300);
  const version = async (tMs: number) =>
    (await at(recorder, tMs)).entities.find(({ id }) => id === 'arm')?.software_version;
  assert.deepEqual([await version(before), await version(clock.wallMs())], ['4.1', '4.2']);
  const { gateway } = await at(recorder);
  assert.equal((gateway as GatewayMark).version, '1.2.3');
  await recorder.close();
});
