import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { hubFolders, isHub, storedHubs } from './enrolled-hubs.ts';
import type { Enrolment } from './enrolment.ts';
import { uplinkFolder } from './uplink-folder.ts';

const [FIRST, SECOND, THIRD] = ['5JX2V9QK3M7TB0WRHD4A', '3TWC0000000000000000', '1AAA0000000000000000'] as const;

const enrolment = (hub_fingerprint: string, host: string, hour = 10): Enrolment => ({
  url: `https://${host}/`,
  hub_fingerprint,
  robot: 'amr-17',
  tenant: 'default',
  receipt: 'receipt-1',
  enrolled_at: `2026-11-27T${hour}:00:00.000Z`,
});

describe('the hubs of a robot', () => {
  it('are the one in the folder of a robot with one hub, then the others by time', async () => {
    const files = new MemoryFiles();
    assert.deepEqual(await storedHubs('/data', files), []);
    await uplinkFolder('/data', files, SECOND).saveEnrolment(enrolment(SECOND, 'second', 12));
    await uplinkFolder('/data', files, THIRD).saveEnrolment(enrolment(THIRD, 'third', 11));
    const names = async () => (await storedHubs('/data', files)).map(({ name }) => name);
    assert.deepEqual(await names(), ['third', 'second']);
    await uplinkFolder('/data', files).saveEnrolment(enrolment(FIRST, 'first', 13));
    assert.deepEqual(await names(), ['first', 'third', 'second']);
    // An enrolment that was interrupted, and a file of a user.
    await uplinkFolder('/data', files, '9'.repeat(20)).createIdentity();
    files.put('/data/uplink/notes/hub.json', '{}');
    assert.deepEqual(await names(), ['first', 'third', 'second']);
    assert.equal((await hubFolders('/data', files)).length, 4);
  });

  it('have different names, also at one address', async () => {
    const files = new MemoryFiles();
    await uplinkFolder('/data', files).saveEnrolment(enrolment(FIRST, 'hub.example.com/old'));
    await uplinkFolder('/data', files, SECOND).saveEnrolment(enrolment(SECOND, 'hub.example.com/new'));
    const [first, second] = await storedHubs('/data', files);
    assert.deepEqual([first?.name, second?.name], ['hub.example.com', SECOND]);
    assert.ok(isHub(first!, FIRST) && isHub(first!, 'hub.example.com') && !isHub(second!, 'hub.example.com'));
  });

  it('are listed if the file of one cannot be read, with the remedy for this one', async () => {
    const files = new MemoryFiles();
    await uplinkFolder('/data', files).saveEnrolment(enrolment(FIRST, 'first'));
    files.put(`/data/uplink/${SECOND}/hub.json`, '{');
    const [first, second] = await storedHubs('/data', files);
    assert.equal(first?.broken, undefined);
    assert.equal(second?.name, SECOND);
    assert.match(second?.broken ?? '', new RegExp(`${SECOND}/hub\\.json.*not JSON.*enrol --remove ${SECOND}`));
  });

  it('are left one by one: the folder of a further hub is removed with it', async () => {
    const files = new MemoryFiles();
    for (const hub of ['', SECOND]) {
      const folder = uplinkFolder('/data', files, hub);
      await folder.createIdentity();
      await folder.saveEnrolment(enrolment(hub || FIRST, hub || 'first'));
    }
    files.put(`/data/uplink/${SECOND}/traffic.json`, '{}');
    await uplinkFolder('/data', files, SECOND).clear();
    assert.deepEqual([...files.contents.keys()], ['/data/uplink/key.pem', '/data/uplink/hub.json']);
    await uplinkFolder('/data', files).clear();
    assert.equal(files.contents.size, 0);
  });
});
