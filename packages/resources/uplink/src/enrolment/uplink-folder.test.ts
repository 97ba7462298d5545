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
const PREVIOUS = '/data/uplink/previous-key.json';
const DAY_MS = 86_400_000;

describe('the folder of the uplink', () => {
  it('has nothing at first, then the same key, enrolment and step as stored, also after a restart', async () => {
    const files = new MemoryFiles();
    const first = uplinkFolder('/data', files);
    assert.deepEqual(await Promise.all([first.identities(), first.enrolment(), first.ratchet()]), [
      [],
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

  it('retains the previous key for 30 days of the hub, and has a key after a kill between the two files', async () => {
    const files = new MemoryFiles();
    const folder = uplinkFolder('/data', files);
    const first = await folder.createIdentity();
    const second = await folder.rotateIdentity(0);
    const keys = async (of = folder) => (await of.identities()).map(({ fingerprint }) => fingerprint);
    assert.deepEqual(await keys(uplinkFolder('/data', files)), [second.fingerprint, first.fingerprint]);
    // A process that was killed after it had stored the previous key.
    await files.replaceText(KEY, first.key);
    assert.deepEqual(await keys(), [first.fingerprint]);
    const third = await folder.rotateIdentity(DAY_MS);
    assert.deepEqual(await keys(), [third.fingerprint, first.fingerprint]);
    await folder.removeOldKey(31 * DAY_MS - 1);
    assert.equal((await keys()).length, 2);
    await folder.removeOldKey(31 * DAY_MS);
    assert.deepEqual(await keys(), [third.fingerprint]);
  });

  it('continues the ratchet with a new receipt of the same enrolment', async () => {
    const folder = uplinkFolder('/data', new MemoryFiles());
    await folder.saveReceipt('receipt-2');
    assert.equal(await folder.enrolment(), undefined);
    await folder.saveEnrolment(ENROLMENT);
    await folder.saveRatchet(STEP);
    await folder.saveReceipt('receipt-2');
    assert.deepEqual(await folder.enrolment(), { ...ENROLMENT, receipt: 'receipt-2' });
    assert.equal(await folder.ratchet(), STEP);
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    [KEY, '-----BEGIN', /key\.pem.*Ed25519.*enrol --seal/],
    [KEY, '', /key\.pem/],
    [HUB, '{"url":', /hub\.json.*not JSON/],
    [HUB, '[]', /hub\.json.*its member url/],
    [HUB, JSON.stringify({ ...ENROLMENT, receipt: '' }), /hub\.json.*receipt/],
    [HUB, JSON.stringify({ ...ENROLMENT, role: 5 }), /hub\.json.*role/],
    [HUB, JSON.stringify({ ...ENROLMENT, url: 'file:///etc' }), /hub\.json.*address/],
    [HUB, 'x'.repeat(20_000), /hub\.json.*characters/],
    [PREVIOUS, '{}', /previous-key\.json.*no key.*remove it/],
    [RATCHET, '\0\0\0', /ratchet.*not a step/],
  ];
  for (const [file, text, message] of broken) {
    it(`names ${file} with the remedy if it is ${JSON.stringify(text.slice(0, 30))}, and does not replace it`, async () => {
      const files = new MemoryFiles({ [file]: text });
      const folder = uplinkFolder('/data', files);
      const used = async (): Promise<void> => {
        await folder.ratchet();
        await folder.createIdentity();
        await folder.identities();
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
    assert.equal((await again.identities())[0]?.fingerprint, identity.fingerprint);
    assert.equal(await again.ratchet(), STEP);
    await again.saveRatchet(STEP.replace('3.', '4.'));
    assert.match((await again.ratchet()) ?? '', /^4\./);
  });
});
