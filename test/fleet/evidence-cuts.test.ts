import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { bag, bagFile } from '../federation/recordings.ts';
import { eventually } from '../harness/eventually.ts';
import { scaledStorm } from '../harness/storm.ts';
import { type EvidenceRobot, evidenceRobot } from './evidence-robot.ts';

const CUTS = 20;
/** 256 MB at full length, and more than a part for each fifth cut otherwise. */
const BYTES = scaledStorm(256 * 1024 * 1024, 20 * 1024 * 1024) + 777;
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

suite('a hub that fetches recordings over a link that breaks', { timeout: 300_000 }, () => {
  let scene: EvidenceRobot;
  before(async () => {
    scene = await evidenceRobot();
  });
  after(() => scene.close());

  test('stores one whole file after 20 cuts, and requests no part again that it has', async () => {
    const cuts = Array.from({ length: CUTS }, (_, at) => Math.floor(((at + 0.7) * BYTES) / CUTS));
    const reconnects: Promise<void>[] = [];
    const { file, content, offsets } = bagFile('long.mcap', BYTES, (at) => {
      if (at < (cuts[0] ?? Number.POSITIVE_INFINITY)) return;
      cuts.shift();
      scene.cut();
      reconnects.push(scene.connect());
    });
    await scene.record(bag('long', ['LONG'], file));
    const stored = await scene.reached('LONG', 'kept', 240_000);
    await Promise.all(reconnects);
    assert.equal(cuts.length, 0, 'all cuts were made');
    assert.equal(stored.sha256, digestOf(content));
    const { status, bytes, headers } = await scene.download(stored.id);
    assert.deepEqual([status, bytes.length, digestOf(bytes)], [200, BYTES, stored.sha256]);
    assert.equal(headers.get('etag'), `"${stored.sha256}"`);
    // Each request begins behind what the hub has, apart from the bytes in flight of a cut.
    const firsts = offsets.filter((offset, at) => offset < Math.max(...offsets.slice(0, at)));
    assert.deepEqual(firsts, [], 'no earlier offset is requested again');
    assert.ok(existsSync(join(scene.folder, 'evidence', 'default', stored.sha256!.slice(0, 2), stored.sha256!)));
    await eventually('no parts', async () => readdirSync(join(scene.folder, 'evidence-parts')).length === 0);
  });

  test('begins again if the file changes meanwhile', async () => {
    const size = 9 * 1024 * 1024;
    const second = bagFile('changed.mcap', size);
    let isChanged = false;
    const first = bagFile('changed.mcap', size, (at) => {
      if (at < 5 * 1024 * 1024 || isChanged) return;
      isChanged = true;
      scene.recordings.splice(0, scene.recordings.length, bag('changed', ['CHANGED'], second.file));
    });
    scene.recordings.splice(0);
    await scene.record(bag('changed', ['CHANGED'], first.file));
    const waiting = await scene.reached('CHANGED', 'fetching');
    await eventually('a second attempt', async () => {
      // A person does not wait for the next attempt.
      await scene.hub.fleet('POST', `/evidence/${waiting.id}/fetch`);
      return (await scene.evidence('?code=CHANGED&state=kept')).length === 1;
    });
    const [found] = await scene.evidence('?code=CHANGED');
    assert.equal(found?.sha256, digestOf(second.content));
    assert.equal(second.offsets[0], 0);
  });

  test('says that the robot removed a recording before it was fetched', async () => {
    scene.recordings.splice(0);
    const { file } = bagFile('removed.mcap', 1000);
    const removed = { ...bag('removed', ['REMOVED'], file), files: async () => [] };
    await scene.record(removed);
    const gone = await scene.reached('REMOVED', 'gone');
    assert.match(String(gone.reason), /the robot does not have it any more/);
    const { status, bytes } = await scene.download(gone.id);
    assert.equal(status, 404);
    assert.match(Buffer.from(bytes).toString(), /The hub has no file of evidence \d+: it is gone/);
    const refused = await scene.hub.fleet('POST', `/evidence/${gone.id}/fetch`);
    assert.deepEqual([refused.status, refused.json().error_code], [409, 'precondition-not-fulfilled']);
  });
});
