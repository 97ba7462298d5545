import assert from 'node:assert/strict';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { MemoryFiles } from '@medkit/edges/testing';
import type { Enrolment } from './enrolment.ts';
import { UplinkFileBroken, uplinkFolder } from './uplink-folder.ts';

const STEP = `3.${'a'.repeat(22)}.${'b'.repeat(43)}`;
const ENROLMENT: Enrolment = {
  url: 'https://hub.example.com/',
  hub_fingerprint: '5JX2V9QK3M7TB0WRHD4A',
  robot: 'amr-17',
  tenant: 'default',
  receipt: 'receipt-1',
  enrolled_at: '2026-11-27T10:00:00.000Z',
};
const [KEY, HUB, RATCHET] = ['/data/uplink/key.pem', '/data/uplink/hub.json', '/data/uplink/ratchet'];

describe('the folder of the uplink', () => {
  it('has nothing at first, then the same key, enrolment and step as stored, also after a restart', async () => {
    const files = new MemoryFiles();
    const first = uplinkFolder('/data', files);
    assert.deepEqual(await Promise.all([first.identity(), first.enrolment(), first.ratchet()]), [
      undefined,
      undefined,
      undefined,
    ]);
    const identity = await first.createIdentity();
    await first.saveEnrolment(ENROLMENT);
    await first.saveRatchet(STEP);
    const again = uplinkFolder('/data', files);
    assert.equal((await again.createIdentity()).key, identity.key);
    assert.deepEqual(await again.enrolment(), ENROLMENT);
    assert.equal(await again.ratchet(), STEP);
    await again.clear();
    assert.equal(files.contents.size, 0);
  });

  it('keeps the ratchet of the same enrolment, and begins a new one with another receipt', async () => {
    const files = new MemoryFiles();
    const folder = uplinkFolder('/data', files);
    await folder.saveEnrolment(ENROLMENT);
    await folder.saveRatchet(STEP);
    await folder.saveEnrolment({ ...ENROLMENT, enrolled_at: '2026-11-28T10:00:00.000Z' });
    assert.equal(await folder.ratchet(), STEP);
    await folder.saveEnrolment({ ...ENROLMENT, receipt: 'receipt-2' });
    assert.equal(await folder.ratchet(), undefined);
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    [KEY, '-----BEGIN', /key\.pem.*Ed25519.*enrol --seal/],
    [KEY, '', /key\.pem/],
    [HUB, '{"url":', /hub\.json.*not JSON/],
    [HUB, '[]', /hub\.json.*its member url/],
    [HUB, JSON.stringify({ ...ENROLMENT, receipt: '' }), /hub\.json.*receipt/],
    [HUB, JSON.stringify({ ...ENROLMENT, url: 'file:///etc' }), /hub\.json.*address/],
    [HUB, 'x'.repeat(20_000), /hub\.json.*characters/],
    [RATCHET, '\0\0\0', /ratchet.*not a step/],
  ];
  for (const [file, text, message] of broken) {
    it(`names ${file} with the remedy if it is ${JSON.stringify(text.slice(0, 30))}, and does not replace it`, async () => {
      const files = new MemoryFiles({ [file]: text });
      const folder = uplinkFolder('/data', files);
      const used = async (): Promise<void> => {
        await folder.ratchet();
        await folder.createIdentity();
        await folder.saveEnrolment(ENROLMENT);
      };
      await assert.rejects(used(), (error: Error) => error instanceof UplinkFileBroken && message.test(error.message));
      assert.equal(await files.readText(file), text);
    });
  }
});

describe('the folder of the uplink on disk', () => {
  const made: string[] = [];
  after(() => Promise.all(made.map((path) => systemWritableFiles.remove(path))));

  it('is readable by its owner alone, and continues after the process was killed at any point', async () => {
    const data = await mkdtemp(join(tmpdir(), 'medkit-uplink-'));
    made.push(data);
    const files = { ...systemFiles, ...systemWritableFiles };
    const folder = uplinkFolder(data, files);
    const identity = await folder.createIdentity();
    await folder.saveEnrolment(ENROLMENT);
    await folder.saveRatchet(STEP);
    for (const name of await readdir(folder.path)) {
      assert.equal((await stat(join(folder.path, name))).mode & 0o777, 0o600, name);
      // A file that a killed process had only begun to write.
      await systemWritableFiles.replaceText(join(folder.path, `${name}.next`), 'half');
    }
    const again = uplinkFolder(data, files);
    assert.equal((await again.identity())?.fingerprint, identity.fingerprint);
    assert.equal(await again.ratchet(), STEP);
    await again.saveRatchet(STEP.replace('3.', '4.'));
    assert.match((await again.ratchet()) ?? '', /^4\./);
  });
});
