import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, describe, it, type TestContext } from 'node:test';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { artifactTar, packArtifact } from '@medkit/updates/artifact';
import { enrolTestRobot, type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';

const files = { ...systemFiles, ...systemWritableFiles };
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-stored-artifacts-')));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** Packs an artifact, and returns its folder and archive. */
async function packed(id: string, text = 'x'.repeat(300_000)) {
  count += 1;
  const release = join(folder, `release-${count}`);
  mkdirSync(release);
  writeFileSync(join(release, 'map.txt'), text);
  await packArtifact({ folder: release, id, version: '1.0', target: 'robot', files });
  const archive = await buffer((await artifactTar(release, systemFiles)).read(0));
  return { release, archive, sha256: createHash('sha256').update(archive).digest('hex') };
}

/** A hub with its store on disk; `reopen` ends it, and opens it again over the same data. */
async function openHub(t: TestContext, settings: { readonly evidence_gb?: number } = {}) {
  count += 1;
  const dataDir = join(folder, `hub-${count}`);
  const { evidence_gb = 0 } = settings;
  const quota = { robots: 0, evidence_gb, events_per_day: 0, campaigns: 0, requests_per_min: 0 };
  const changes = { data_dir: dataDir, fleet: { enabled: true, quota } };
  let hub = await testHub(changes, { storage: files as never });
  t.after(() => hub.close());
  const { store } = hub;
  const reopen = async (): Promise<void> => {
    await hub.close();
    const openFleetStore = async () => ({ ...store, close: async () => undefined }) as typeof store;
    hub = await testHub(changes, { storage: files as never, openFleetStore });
  };
  /** Sends a part of an archive: from `first` to before `end`; without them, a query. */
  const put = async (name: string, archive: Uint8Array, first?: number, end = archive.length) => {
    const sha256 = createHash('sha256').update(archive).digest('hex');
    const range = first === undefined ? '*' : `${first}-${end - 1}`;
    const response = await fetch(`${hub.url}/api/v1/x-medkit-fleet/artifacts/${name}?sha256=${sha256}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/x-tar', 'content-range': `bytes ${range}/${archive.length}` },
      body: Buffer.from(first === undefined ? [] : archive.subarray(first, end)),
    });
    // biome-ignore lint/suspicious/noExplicitAny: replies may have any shape.
    return { status: response.status, body: (await response.json()) as any };
  };
  const list = async () => (await hub.fleet('GET', '/artifacts')).json();
  /** Names of the stored archives, and of incomplete transfers. */
  const onDisk = () => {
    const names = (path: string) => (existsSync(join(dataDir, path)) ? readdirSync(join(dataDir, path)) : []);
    return [names('evidence/artifacts'), names('artifact-parts')];
  };
  /** Creates a campaign that uses an artifact, for a robot that is offline. */
  const use = async (campaign: string, artifact: string): Promise<void> => {
    await enrolTestRobot(hub, 'amr-1');
    const created = await hub.fleet('POST', '/campaigns', {
      ...{ id: campaign, kind: 'configuration', targets: { robots: ['amr-1'] }, waves: [{ percent: 100 }] },
      changes: [{ entity: 'apps/drive', parameter: 'speed', to: 0.5 }],
    });
    assert.equal(created.status, 201, created.text);
    const [row] = await store.read('SELECT body FROM fleet_campaigns');
    const body = JSON.stringify({ ...JSON.parse(String(row?.body)), artifact });
    await store.write([{ sql: "UPDATE fleet_campaigns SET kind = 'update', body = ?", parameters: [body] }]);
  };
  return { hub: (): TestHub => hub, dataDir, store, reopen, put, list, onDisk, use };
}

describe('the artifacts that a hub stores', () => {
  it('arrive in parts, also after a restart of the hub, and are listed when they are whole', async (t) => {
    const hub = await openHub(t);
    const { archive, sha256, release } = await packed('nav-1');
    const size = archive.length;
    assert.deepEqual(await hub.put('nav-1', archive), {
      status: 202,
      body: { id: 'nav-1', size, received: 0, complete: false },
    });
    assert.equal((await hub.put('nav-1', archive, 0, 100_000)).body.received, 100_000);
    await hub.reopen();
    const wrong = await hub.put('nav-1', archive, 50_000);
    assert.deepEqual([wrong.status, wrong.body.parameters.received], [416, 100_000]);
    assert.match(wrong.body.message, /The hub has 100000 bytes/);
    assert.deepEqual([(await hub.list()).total, hub.onDisk()], [0, [[], ['nav-1']]]);
    const whole = { status: 200, body: { id: 'nav-1', size, received: size, complete: true } };
    assert.deepEqual(await hub.put('nav-1', archive, 100_000), whole);
    assert.deepEqual(hub.onDisk(), [[sha256], []]);
    assert.deepEqual(readFileSync(join(hub.dataDir, 'evidence', 'artifacts', sha256)), archive);
    // The same bytes again, and a query after a lost reply.
    assert.deepEqual([await hub.put('nav-1', archive), await hub.put('nav-1', archive, 0)], [whole, whole]);
    const manifest = createHash('sha256')
      .update(readFileSync(join(release, 'update.json')))
      .digest('hex');
    const { items, total } = await hub.list();
    const { created_at, ...item } = items[0];
    assert.ok(Math.abs(Date.parse(created_at) - systemClock.wallMs()) < 60_000, created_at);
    assert.deepEqual(
      [item, total],
      [{ id: 'nav-1', sha256, size_bytes: size, manifest_sha256: manifest, created_by: 'anonymous', campaigns: [] }, 1],
    );
  });

  it('are refused with the reason if they are unusable, and leave nothing', async (t) => {
    const hub = await openHub(t);
    const { archive } = await packed('nav-1');
    const torn = Buffer.from(archive);
    torn[100_000]! ^= 1;
    for (const [name, bytes, text] of [
      ['nav-1', torn, /differs from its update.json: SHA-256 of "map.txt" is/],
      ['nav-1', archive.subarray(0, 50_000), /it ends too early/],
      ['nav-2', archive, /belongs to update nav-1, not to nav-2/],
    ] as const) {
      const { status, body } = await hub.put(name, bytes, 0);
      assert.deepEqual([status, body.error_code, body.vendor_code], [400, 'vendor-error', 'x-medkit-update-refused']);
      assert.match(body.message, text);
      assert.deepEqual([(await hub.list()).total, hub.onDisk()], [0, [[], []]]);
    }
    for (const name of ['.hidden', 'a%2Fb', 'x'.repeat(201)]) {
      const { status, body } = await hub.put(name, archive, 0);
      assert.equal(status, 400, JSON.stringify(body));
    }
    assert.deepEqual(hub.onDisk(), [[], []]);
  });

  it('are replaced until a campaign uses them, and are not deleted meanwhile', async (t) => {
    const hub = await openHub(t);
    const [one, other, third] = [await packed('nav-1'), await packed('nav-1', 'other'), await packed('nav-1', 'third')];
    await hub.put('nav-1', one.archive, 0);
    assert.equal((await hub.put('nav-1', other.archive, 0)).status, 200);
    assert.deepEqual(hub.onDisk(), [[other.sha256], []]);
    await hub.use('campaign-1', 'nav-1');
    assert.deepEqual((await hub.list()).items[0].campaigns, ['campaign-1']);
    for (const first of [undefined, 0]) {
      const { status, body } = await hub.put('nav-1', third.archive, first);
      assert.deepEqual([status, body.error_code], [409, 'precondition-not-fulfilled']);
      assert.match(body.message, /campaign-1 used the artifact nav-1 .* pack the update with another id/);
    }
    assert.equal((await hub.put('nav-1', other.archive, 0)).status, 200);
    const refused = await hub.hub().fleet('DELETE', '/artifacts/nav-1');
    assert.deepEqual([refused.status, refused.json().error_code], [409, 'precondition-not-fulfilled']);
    await hub.store.write([{ sql: 'UPDATE fleet_campaigns SET ended_ms = 5' }]);
    assert.equal((await hub.hub().fleet('DELETE', '/artifacts/nav-1')).status, 204);
    assert.deepEqual([(await hub.list()).total, hub.onDisk()], [0, [[], []]]);
    assert.equal((await hub.hub().fleet('DELETE', '/artifacts/nav-1')).status, 404);
  });

  it('are refused beyond the quota, and one account sends one at a time', async (t) => {
    const hub = await openHub(t, { evidence_gb: 0.0005 });
    const [one, other] = [await packed('nav-1'), await packed('nav-2')];
    const sending = request(`${hub.hub().url}/api/v1/x-medkit-fleet/artifacts/nav-1?sha256=${one.sha256}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/x-tar', 'content-length': one.archive.length },
    });
    const replied = new Promise<number | undefined>((resolve, reject) => {
      sending.on('response', (response) => resolve(response.resume().statusCode));
      sending.on('error', reject);
    });
    sending.write(one.archive.subarray(0, 1000));
    await eventually('the first bytes', async () => (await hub.put('nav-1', one.archive)).status === 409);
    const busy = await hub.put('nav-2', other.archive, 0);
    assert.deepEqual([busy.status, busy.body.vendor_code], [409, 'x-medkit-update-in-progress']);
    sending.end(one.archive.subarray(1000));
    assert.equal(await replied, 200);
    const full = await hub.put('nav-2', other.archive, 0);
    assert.deepEqual([full.status, full.body.vendor_code], [409, 'x-medkit-fleet-quota'], JSON.stringify(full.body));
    assert.match(full.body.message, /evidence_gb of the hub is used up/);
  });

  it('are stored again if their bytes are missing', async (t) => {
    const hub = await openHub(t);
    const { archive, sha256 } = await packed('nav-1');
    await hub.put('nav-1', archive, 0);
    rmSync(join(hub.dataDir, 'evidence', 'artifacts', sha256));
    assert.equal((await hub.put('nav-1', archive)).body.received, 0);
    assert.equal((await hub.put('nav-1', archive, 0)).status, 200);
    assert.deepEqual(hub.onDisk(), [[sha256], []]);
  });
});

describe('medkit fleet artifacts', () => {
  it('sends a folder or its archive, lists artifacts, and deletes one', async (t) => {
    const hub = await openHub(t);
    const { release, archive } = await packed('nav-1');
    const medkit = async (...args: readonly string[]) => {
      const program = startProgram(['fleet', 'artifacts', ...args, '--url', hub.hub().url], { cwd: folder });
      return { code: await program.ended, output: program.output() };
    };
    assert.match((await medkit()).output, /no artifacts: send one with `fleet artifacts put <folder>`/);
    const sent = await medkit('put', release);
    assert.deepEqual(sent, { code: 0, output: `nav-1: complete, ${archive.length} bytes\n` });
    writeFileSync(join(folder, 'nav-1.tar'), archive);
    const again = await medkit('put', 'nav-1.tar', '--json');
    const size = archive.length;
    assert.deepEqual(JSON.parse(again.output), { id: 'nav-1', size, received: size, complete: true });
    await hub.use('campaign-1', 'nav-1');
    assert.match((await medkit()).output, /nav-1 +303 kB +[0-9a-f]{12} .* anonymous +campaign-1/);
    const refused = await medkit('delete', 'nav-1');
    assert.match(refused.output, /The campaign campaign-1 uses the artifact nav-1/);
    assert.notEqual(refused.code, 0);
    await hub.store.write([{ sql: 'UPDATE fleet_campaigns SET ended_ms = 5' }]);
    assert.equal((await medkit('delete', 'nav-1')).code, 0);
    assert.equal((await hub.list()).total, 0);
    writeFileSync(join(folder, 'torn.tar'), archive.subarray(0, 1000));
    const torn = await medkit('put', 'torn.tar');
    assert.match(torn.output, /cannot upload torn.tar: .* it ends too early/);
    assert.notEqual(torn.code, 0);
  });
});
