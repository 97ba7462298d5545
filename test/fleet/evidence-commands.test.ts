import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { bag, bagFile } from '../federation/recordings.ts';
import { startProgram } from '../harness/program.ts';
import { type EvidenceRobot, evidenceRobot } from './evidence-robot.ts';

suite('medkit fleet evidence', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-evidence-commands-'));
  const { file, content } = bagFile('bag.mcap', 300_000);
  let scene: EvidenceRobot;
  before(async () => {
    scene = await evidenceRobot();
  });
  after(async () => {
    await scene.close();
    rmSync(folder, { recursive: true });
  });

  const medkit = async (...args: readonly string[]) => {
    const program = startProgram(['fleet', 'evidence', ...args, '--url', scene.hub.url], { cwd: folder });
    return { code: await program.ended, output: program.output() };
  };

  test('lists, requests, downloads, pins and erases evidence', async () => {
    const ruled = await scene.hub.fleet('PUT', '/evidence-rules', { items: [] });
    assert.equal(ruled.status, 200, ruled.text);
    await scene.record(bag('bag-1', ['MOTOR_HOT'], file));
    const { id } = await scene.reached('MOTOR_HOT', 'offered');
    const listed = await medkit('amr-17', '--kind', 'recording');
    assert.match(listed.output, /ID +ROBOT +FAULT +KIND +REPORTED +STATE/);
    assert.match(listed.output, new RegExp(`${id} +amr-17 +MOTOR_HOT +recording .* offered`));
    const early = await medkit('get', id);
    assert.match(early.output, /The hub has no file of evidence \d+: it is offered/);
    assert.notEqual(early.code, 0);

    assert.match((await medkit('fetch', id)).output, /recording \d+ of amr-17 is (queued|fetching|kept), 300 kB/);
    const stored = await scene.reached('MOTOR_HOT', 'kept');
    const got = await medkit('get', id);
    assert.deepEqual([got.code, got.output.trim()], [0, 'bag-1.mcap']);
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, 'bag-1.mcap')))
      .digest('hex');
    assert.deepEqual([digest, digest], [stored.sha256, createHash('sha256').update(content).digest('hex')]);
    const part = await scene.download(id, { range: 'bytes=10-19' });
    assert.deepEqual([part.status, Buffer.from(part.bytes)], [206, content.subarray(10, 20)]);

    assert.match((await medkit('pin', id)).output, /kept/);
    assert.equal((await scene.evidence()).find((each) => each.id === id)?.pinned, true);
    assert.match((await medkit('erase', 'amr-17', '--since', '2026-01-01T00:00Z')).output, /erased 1 files/);
    const left = readdirSync(join(scene.folder, 'evidence'), { recursive: true, withFileTypes: true });
    assert.deepEqual(
      left.filter((entry) => entry.isFile()),
      [],
      'no byte is left',
    );
    const refused = await medkit('erase', 'amr-99');
    assert.match(refused.output, /The hub has no robot amr-99/);
  });

  test('prints and replaces the rules', async () => {
    const path = join(folder, 'rules.json');
    const rules = { items: [{ match: { severity: 'error' }, collect: ['logs'] }] };
    writeFileSync(path, JSON.stringify(rules));
    assert.equal((await medkit('rules', path)).code, 0);
    assert.deepEqual(JSON.parse((await medkit('rules')).output).items, rules.items);
    writeFileSync(path, JSON.stringify({ items: [{ match: { severity: 'grave' }, collect: [] }] }));
    const refused = await medkit('rules', path);
    assert.match(
      refused.output,
      /validation failed .*\nmedkit: {3}items\[0\]\.match\.severity: value not in allowed set/,
    );
    assert.notEqual(refused.code, 0);
    assert.match((await medkit('rules', join(folder, 'none.json'))).output, /cannot read the rules in .*none\.json/);
  });
});
