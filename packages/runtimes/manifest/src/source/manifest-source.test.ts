import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { manifestFiles, PATHS, type TestFiles } from '../testing/load-text.ts';
import { manifestRuntime } from './manifest-runtime.ts';
import { ManifestSource } from './manifest-source.ts';

const WATCH_MS = 1000;

async function setUp(content: TestFiles) {
  const clock = new SimulatedClock();
  const files = manifestFiles(content);
  const lines: string[] = [];
  const source = new ManifestSource({
    files,
    paths: { ...PATHS, inventory: content.inventory === undefined ? '' : PATHS.inventory },
    strict: content.strict ?? true,
    clock,
    log: (level, text) => lines.push(`${level} ${text}`),
    watchMs: WATCH_MS,
  });
  const accepted = await source.load();
  let changes = 0;
  source.watch(() => changes++);
  /** Lets the source check its files twice: a newly written file is read when it no longer changes. */
  const look = async () => {
    for (let round = 0; round < 2; round++) {
      clock.advance(WATCH_MS);
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  return { accepted, clock, files, source, lines, look, changes: () => changes };
}

const VERSION = 'manifest_version: "1.0"\n';
const appIds = (source: ManifestSource) => source.manifest?.entities.apps.map(({ id }) => id);

describe('a manifest on disk', () => {
  it('is read again when it changes, as a whole and with a line about what changed', async () => {
    const { files, source, lines, look, changes } = await setUp({
      manifest: 'apps: [{id: a}, {id: b}]\nareas: [{id: hall}]\nfunctions: [{id: f, hosts: [a]}]',
    });
    const before = source.manifest;
    files.put(PATHS.manifest, `${VERSION}apps: [{id: a, name: A}, {id: c}]\nfunctions: [{id: f, hosts: [a]}]`);
    await look();
    assert.deepEqual(appIds(source), ['a', 'c']);
    assert.equal(before?.entities.apps.length, 2);
    assert.equal(changes(), 1);
    assert.deepEqual(lines, [
      'info Manifest /etc/robot.yaml was reloaded: added app c; removed area hall, app b; changed app a',
    ]);
  });

  it('is not read while it is still being written', async () => {
    const { clock, files, source } = await setUp({ manifest: 'apps: [{id: a}]' });
    const settle = async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    };
    for (const text of ['apps: []', 'apps: [{id: x}]', 'apps: [{id: y}]']) {
      files.put(PATHS.manifest, VERSION + text);
      clock.advance(WATCH_MS);
      await settle();
      assert.deepEqual(appIds(source), ['a']);
    }
    clock.advance(WATCH_MS);
    await settle();
    assert.deepEqual(appIds(source), ['y']);
  });

  it('keeps the old version when the new one is refused, logs why and where, and takes it once it is corrected', async () => {
    const { files, source, lines, look, changes } = await setUp({ manifest: 'apps: [{id: a}]' });
    files.put(PATHS.manifest, `${VERSION}apps:\n  - id: a\n    is_located_on: gone\n`);
    await look();
    assert.deepEqual(appIds(source), ['a']);
    assert.deepEqual(lines, [
      'error [R007] ERROR: a: there is no component "gone" (at /etc/robot.yaml:4)',
      'error Manifest /etc/robot.yaml was rejected (1 errors, 0 warnings): the previous version stays in use',
    ]);
    const [warning] = source.warnings();
    assert.equal(warning?.code, 'manifest_refused');
    assert.match(warning?.message ?? '', /stays in use.*R007.*robot\.yaml:4/);
    assert.equal(changes(), 0);
    files.put(PATHS.manifest, `${VERSION}apps: [{id: a}, {id: b}]`);
    await look();
    assert.deepEqual([appIds(source), source.warnings(), changes()], [['a', 'b'], [], 1]);
  });

  it('follows its fragments and its inventory, and keeps everything when it is removed', async () => {
    const { files, source, look } = await setUp({ manifest: 'apps: [{id: a}]', inventory: 'id\nrack' });
    files.put(`${PATHS.fragmentsFolder}/more.yaml`, 'apps: [{id: b}]');
    await look();
    assert.deepEqual(appIds(source), ['a', 'b']);
    files.put(PATHS.inventory, 'id\nrack\nshelf');
    await look();
    assert.equal(source.manifest?.entities.components.length, 2);
    await files.remove(PATHS.manifest);
    await look();
    assert.deepEqual(appIds(source), ['a', 'b']);
    assert.match(source.warnings()[0]?.message ?? '', /the file does not exist/);
  });

  it('that is broken from the start is loaded as soon as it is corrected', async () => {
    const { accepted, files, source, look, changes } = await setUp({ manifest: 'apps: [' });
    assert.equal(accepted, false);
    assert.match(source.warnings()[0]?.message ?? '', /shown without it/);
    files.put(PATHS.manifest, `${VERSION}apps: [{id: a}]`);
    await look();
    assert.deepEqual([appIds(source), changes()], [['a'], 1]);
  });

  it('logs a notice once, not with every reading (R014, R015)', async () => {
    const { files, lines, look } = await setUp({ manifest: 'config: {unmanifested_nodes: WARN}\napps: []' });
    files.put(PATHS.manifest, `${VERSION}config: {unmanifested_nodes: WARN}\napps: [{id: a}]`);
    await look();
    assert.equal(lines.filter((line) => line.includes('R014')).length, 1);
  });

  it('writes only a few lines to the log even if thousands of entries are invalid', async () => {
    const apps = Array.from({ length: 3000 }, (_, at) => `{id: a${at}, is_located_on: gone}`);
    const { lines, source } = await setUp({ manifest: `apps: [${apps.join(', ')}]` });
    assert.ok(lines.length < 30, String(lines.length));
    assert.equal(source.findings.length, 3000);
  });

  it('leaves no timer behind', async () => {
    const { clock, source } = await setUp({ manifest: 'apps: []' });
    await source.stop();
    assert.equal(clock.timers, 0);
  });

  it('is a runtime with entities and a health', async () => {
    const { source } = await setUp({ manifest: 'metadata: {name: AMR}\nareas: [{id: hall}]\napps: [{id: a}]' });
    const runtime = manifestRuntime(source);
    assert.deepEqual(runtime.contribution().apps[0]?.id, 'a');
    const { blocks, warnings } = await runtime.health();
    assert.deepEqual(warnings, []);
    assert.deepEqual(blocks['x-medkit-manifest'], {
      active: true,
      path: '/etc/robot.yaml',
      manifest_version: '1.0',
      metadata: { name: 'AMR' },
      entity_counts: { areas: 1, components: 0, apps: 1, functions: 0, scripts: 0 },
      validation: { is_valid: true, error_count: 0, warning_count: 0 },
      reloads: 0,
    });
  });
});
