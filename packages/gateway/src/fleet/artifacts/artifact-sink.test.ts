import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, beforeEach, describe, it } from 'node:test';
import { BlobError, type Blobs, folderBlobs } from '@medkit/blobs';
import { errorOf } from '@medkit/core/testing';
import { systemClock, systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { FLEET_TABLES, FleetQuotaReached, openFleet, robotPings } from '@medkit/fleet';
import { memoryStore } from '@medkit/store';
import { artifactTar, packArtifact } from '@medkit/updates/artifact';
import { artifactSink } from './artifact-sink.ts';

const files = { ...systemFiles, ...systemWritableFiles };
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-artifact-sink-')));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

async function packed(id: string, text: string) {
  count += 1;
  const release = join(folder, `release-${count}`);
  mkdirSync(release);
  writeFileSync(join(release, 'map.txt'), text);
  await packArtifact({ folder: release, id, version: '1.0', target: 'robot', files });
  const archive = await buffer((await artifactTar(release, systemFiles)).read(0));
  const content = { sha256: createHash('sha256').update(archive).digest('hex'), total: archive.length };
  return { content, read: () => Readable.from([archive]) };
}

let stage: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  stage = await open();
});

async function open() {
  count += 1;
  const stored = join(folder, `blobs-${count}`);
  const store = memoryStore({ clock: systemClock, migrations: FLEET_TABLES });
  const parts = { store, clock: systemClock, random: systemRandom, pings: robotPings(systemClock) };
  const { artifacts } = await openFleet({ ...parts, secret: new Uint8Array(32).fill(7), log: () => undefined });
  const blobs = folderBlobs({ folder: stored, files });
  const lines: string[] = [];
  const common = { clock: systemClock, log: (_: string, line: string) => void lines.push(line) };
  const sinkOf = (changes: Partial<typeof artifacts> = {}, others: Partial<Blobs> = {}) =>
    artifactSink({ ...common, artifacts: { ...artifacts, ...changes }, blobs: { ...blobs, ...others } });
  return {
    sinkOf,
    artifacts,
    lines,
    stored: join(stored, 'artifacts'),
    names: () => readdirSync(join(stored, 'artifacts')),
  };
}

describe('the archives of artifacts at a hub', () => {
  it('leave nothing if their row is refused', async () => {
    const { content, read } = await packed('nav-1', 'a');
    const reached = new FleetQuotaReached({ quota: 'q', used: 1, limit: 1, remedy: 'r' });
    const sink = stage.sinkOf({ put: () => Promise.reject(reached) });
    assert.equal((await errorOf(sink.add('nav-1', content, read, 'ada'))).code, 'x-medkit-fleet-quota');
    assert.deepEqual(stage.names(), []);
  });

  it('stay if an upload of the same bytes fails later', async () => {
    const { content, read } = await packed('nav-1', 'a');
    await stage.sinkOf().add('nav-1', content, read, 'ada');
    const sink = stage.sinkOf({ put: () => Promise.reject(new Error('the database is away')) });
    await assert.rejects(sink.add('nav-1', content, read, 'ada'), /the database is away/);
    assert.deepEqual([stage.names(), await sink.has('nav-1', content)], [[content.sha256], true]);
  });

  it('are refused with the reason if the store is full or away', async () => {
    const { content, read } = await packed('nav-1', 'a');
    for (const [failure, code] of [
      ['full', 'x-medkit-storage-full'],
      ['unreachable', 'service-unavailable'],
    ] as const) {
      const put = () => Promise.reject(new BlobError(failure, 'the bucket'));
      const error = await errorOf(stage.sinkOf({}, { put }).add('nav-1', content, read, 'ada'));
      assert.deepEqual([error.code, error.message], [code, 'the bucket']);
    }
    assert.equal((await stage.artifacts.list({})).total, 0);
  });

  it('are compared with the record: an old one without a row is removed, and a missing one is logged', async () => {
    const [one, other] = [await packed('nav-1', 'a'), await packed('nav-2', 'b')];
    const sink = stage.sinkOf();
    for (const [name, { content, read }] of Object.entries({ 'nav-1': one, 'nav-2': other })) {
      await sink.add(name, content, read, 'ada');
    }
    const [old, young] = ['a'.repeat(64), 'c'.repeat(64)];
    for (const name of [old, young]) writeFileSync(join(stage.stored, name), name);
    const seconds = systemClock.wallMs() / 1000 - 90_000;
    for (const name of [old, one.content.sha256]) utimesSync(join(stage.stored, name), seconds, seconds);
    rmSync(join(stage.stored, other.content.sha256));
    await sink.compare();
    assert.deepEqual(stage.names(), [one.content.sha256, young].sort());
    assert.deepEqual(stage.lines.length, 1);
    assert.match(
      stage.lines[0]!,
      new RegExp(`${other.content.sha256} of an artifact is missing .*: send the artifact again`),
    );
  });

  it('are removed with their row, and not while an upload of them runs', async () => {
    const { content, read } = await packed('nav-1', 'a');
    const gate = Promise.withResolvers<void>();
    const sink = stage.sinkOf();
    await sink.add('nav-1', content, read, 'ada');
    const slow = async function* () {
      await gate.promise;
      yield* read();
    };
    const adding = sink.add('nav-1', content, slow as never, 'ada');
    const removing = sink.remove('nav-1');
    gate.resolve();
    await Promise.all([adding, removing]);
    assert.deepEqual([stage.names(), (await stage.artifacts.list({})).total], [[], 0]);
  });
});
