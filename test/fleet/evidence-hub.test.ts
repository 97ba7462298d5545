import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { s3Blobs } from '@medkit/blobs/s3';
import { createClient } from '@medkit/client';
import { systemClock } from '@medkit/edges/node';
import { systemHttpStreams } from '@medkit/edges/node/http-streams';
import type { Statement } from '@medkit/store';
import { bag, bagFile } from '../federation/recordings.ts';
import { eventually } from '../harness/eventually.ts';
import { createBucket, type Swift, startSwift } from '../harness/swift.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { type EvidenceRobot, evidenceRobot } from './evidence-robot.ts';

const statement = (sql: string): Statement => ({ sql });
/** The frames and the log window of the first occurrence of a fault, as the fault manager completes them. */
const frames = (code: string): readonly Statement[] => [
  statement(`INSERT INTO pending_captures VALUES (7, '${code}', 1, '[]', 1)`),
  statement(`INSERT INTO snapshots (fault_code, topic, message_type, data, captured_at_ns, capture_id, occurrence)
             VALUES ('${code}', '/scan', 'T', '{"a":1}', 1774232078000000000, 7, 1)`),
  statement('DELETE FROM pending_captures WHERE capture_id = 7'),
  statement(`INSERT INTO log_windows VALUES ('${code}', 1, 1774232078000000000, 1774232079000000000, '[]', 0)`),
  statement(`UPDATE log_windows SET lines = '[[1,"i","l","m"]]' WHERE fault_code = '${code}'`),
];

suite('the evidence of a hub', { timeout: 120_000 }, () => {
  const scenes: EvidenceRobot[] = [];
  after(async () => {
    for (const scene of scenes) await scene.close();
  });
  const open = async (settings?: Readonly<Record<string, unknown>>): Promise<EvidenceRobot> => {
    const scene = await evidenceRobot(settings);
    scenes.push(scene);
    return scene;
  };

  test('has frames and log window of a fault as one document, which is the detail of the fault', async () => {
    const scene = await open();
    await scene.robot.report('MAP', 'fault_confirmed', 2);
    await scene.robot.store.write(frames('MAP'));
    await scene.robot.uplink.log()?.recordEvidence();
    const both = await eventually('both', async () => {
      const stored = await scene.evidence('?state=kept');
      return stored.length === 2 && stored;
    });
    assert.deepEqual(both.map(({ descriptor }) => descriptor.evidence).sort(), ['frames', 'logs']);
    assert.match(String(both[0]?.name), /^MAP-(frames|logs)-[\w.-]+\.json$/);
    const { bytes, headers } = await scene.download(both[0]!.id);
    assert.equal(headers.get('content-type'), 'application/json');
    const document = JSON.parse(Buffer.from(bytes).toString());
    const direct = await scene.robot.app.inject('/api/v1/apps/lidar_driver/faults/MAP');
    assert.deepEqual(Object.keys(document), Object.keys(direct.json()));
    assert.equal(document.item.code ?? document.item.fault_code, 'MAP');
  });

  test('says lost if the bytes of a file are missing', async () => {
    const scene = await open();
    await scene.record(bag('bag-1', ['HOT'], bagFile('bag.mcap', 1000).file));
    const { id, sha256 } = await scene.reached('HOT', 'kept');
    rmSync(join(scene.folder, 'evidence', 'default', sha256!.slice(0, 2), sha256!));
    assert.equal((await scene.download(id)).status, 404);
    const [lost] = await scene.evidence('?code=HOT');
    assert.deepEqual([lost?.state, lost?.reason], ['lost', 'the bytes are missing in the evidence store']);
    // The robot still has it.
    await scene.hub.fleet('POST', `/evidence/${id}/fetch`);
    assert.equal((await scene.reached('HOT', 'kept')).sha256, sha256);
  });

  test('waits while the quota of the hub is used up, and a request of a person is refused', async () => {
    const scene = await open({
      quota: { robots: 0, evidence_gb: 0.000002, events_per_day: 0, campaigns: 0, requests_per_min: 0 },
    });
    await scene.record(bag('bag-1', ['HOT'], bagFile('bag.mcap', 3000).file));
    const waiting = await eventually('the reason', async () => {
      const [found] = await scene.evidence('?code=HOT');
      return found?.reason != null && found;
    });
    assert.equal(waiting.state, 'queued');
    const text = /^The quota fleet\.quota\.evidence_gb of the hub is used up: 0 of 2000 bytes\. Erase evidence/;
    assert.match(String(waiting.reason), text);
    const refused = await scene.hub.fleet('POST', `/evidence/${waiting.id}/fetch`);
    assert.deepEqual([refused.status, refused.json().vendor_code], [409, 'x-medkit-fleet-quota'], refused.text);
    assert.match(refused.json().message, text);
    await scene.record(bag('bag-2', ['COLD'], bagFile('small.mcap', 1000).file));
    await scene.reached('COLD', 'kept');
  });

  test('is stored in a bucket; while its server is away transfers wait and the health names the remedy', {
    skip: missingSystemPackages('swift'),
  }, async (context) => {
    const swift: Swift = await startSwift();
    context.after(() => swift[Symbol.asyncDispose]());
    await createBucket(swift);
    const folder = mkdtempSync(join(tmpdir(), 'medkit-evidence-key-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, `aws_access_key_id = ${swift.key.id}\naws_secret_access_key = ${swift.key.secret}\n`);
    const { bucket, endpoint, region } = swift.address;
    const evidence = `s3://${bucket}/hub?endpoint=${endpoint}&region=${region}`;
    const scene = await open({ evidence, evidence_key_file: keyFile });
    const { file, content } = bagFile('bag.mcap', 9_000_000);
    await scene.record(bag('bag-1', ['HOT'], file));
    const { id, sha256 } = await scene.reached('HOT', 'kept');
    const blobs = s3Blobs({ address: swift.address, key: swift.key, http: systemHttpStreams, clock: systemClock });
    assert.deepEqual(await blobs.head(`default/${sha256!.slice(0, 2)}/${sha256}`), { bytes: content.length });
    const part = await scene.download(id, { range: 'bytes=8999990-' });
    assert.deepEqual([part.status, Buffer.from(part.bytes)], [206, content.subarray(8_999_990)]);

    await testRedirects(await open({ evidence, evidence_key_file: keyFile, evidence_redirect: true }), endpoint);

    await swift.stop();
    await scene.record(bag('bag-2', ['COLD'], bagFile('cold.mcap', 1000).file));
    const waiting = await eventually('a reason', async () => {
      const [found] = await scene.evidence('?code=COLD');
      return found?.reason != null && found;
    });
    assert.match(String(waiting.reason), /^the hub cannot store it: Cannot reach s3:.*check that the server runs/);
    const health = (await scene.hub.call('GET', '/api/v1/health')).text;
    assert.match(health, /evidence_store/);
    assert.equal((await scene.download(id)).status, 503);
    await swift.start();
    await scene.hub.fleet('POST', `/evidence/${waiting.id}/fetch`);
    await scene.reached('COLD', 'kept');
  });
});

/** Downloads a file of a hub that sends clients to its bucket. */
async function testRedirects(scene: EvidenceRobot, endpoint: string): Promise<void> {
  const { file, content } = bagFile('bag.mcap', 300_000);
  await scene.record(bag('bag-1', ['HOT'], file));
  const { id } = await scene.reached('HOT', 'kept');
  const url = `${scene.hub.url}/api/v1/x-medkit-fleet/evidence/${id}/file`;
  const ask = (headers: Readonly<Record<string, string>>, method = 'GET') =>
    fetch(url, { method, headers, redirect: 'manual' });
  const reply = await ask({});
  assert.deepEqual([reply.status, reply.headers.get('cache-control')], [307, 'no-store']);
  const location = reply.headers.get('location')!;
  assert.ok(location.startsWith(`${endpoint}/`), location);
  assert.equal(new URL(location).searchParams.get('X-Amz-Expires'), '60');
  const client = createClient({ url: scene.hub.url, token: 'secret' });
  const download = await client.download('downloadFleetEvidence', {
    path: { evidence: id },
    headers: { Range: 'bytes=299990-' },
  });
  assert.equal(download.status, 206);
  const chunks: Uint8Array[] = [];
  for await (const chunk of download.chunks) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), content.subarray(299_990));
  assert.match(download.headers.get('content-disposition') ?? '', /^attachment; filename="bag-1\.mcap"$/);
  // The policies of pages do not permit another server; the address is valid for GET.
  const etag = `"${(await scene.evidence('?code=HOT'))[0]?.sha256}"`;
  const statuses = await Promise.all([
    ask({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }),
    ask({ 'if-none-match': etag }),
    ask({}, 'HEAD'),
  ]);
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [200, 304, 200],
  );
  assert.equal((await scene.hub.fleet('GET', '/evidence/99999/file')).status, 404);
}
