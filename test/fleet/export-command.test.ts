import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { enrolTestRobot, type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { startProgram } from '../harness/program.ts';

suite('medkit fleet export', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-export-command-'));
  let hub: TestHub;
  before(async () => {
    hub = await testHub();
    await enrolTestRobot(hub, 'amr-1', { site: 'berlin' });
    await enrolTestRobot(hub, 'amr-2', { site: 'ulm' });
    await hub.store.write(
      ['amr-1', 'amr-2'].map((name, index) => ({
        sql: `INSERT INTO fleet_occurrences
                (robot, origin, code, number, started_ms, began_ms, severity, entity, site, changed)
              SELECT id, '', 'MOTOR', 1, ?, ?, 2, '=arm', site, 0 FROM fleet_robots WHERE name = ?`,
        parameters: [index * 1000, index * 1000, name],
      })),
    );
  });
  after(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });

  const medkit = async (...args: readonly string[]) => {
    const program = startProgram(['fleet', 'export', ...args, '--url', hub.url], { cwd: folder });
    return { code: await program.ended, output: program.output() };
  };
  const robotsIn = (lines: string): string[] =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).robot);
  const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

  test('writes JSON lines or CSV to the standard output', async () => {
    const lines = await medkit('occurrences');
    assert.deepEqual([lines.code, robotsIn(lines.output)], [0, ['amr-2', 'amr-1']]);
    const csv = await medkit('occurrences', '--format', 'csv', '--site', 'ulm');
    assert.equal(csv.code, 0, csv.output);
    assert.match(csv.output, /^robot,origin,[^\r\n]*\r\namr-2,,MOTOR,1,.*,'=arm,.*\r\n$/);
  });

  test('writes a file in the format of its name, and replaces it only by force', async () => {
    assert.deepEqual(await medkit('robots', 'robots.csv'), { code: 0, output: '' });
    assert.match(written('robots.csv'), /\r\namr-1,approved,.*\r\namr-2,approved,/);
    assert.equal((await medkit('occurrences', 'all.ndjson')).code, 0);
    assert.deepEqual(robotsIn(written('all.ndjson')), ['amr-2', 'amr-1']);
    writeFileSync(join(folder, 'robots.csv'), 'mine');
    const refused = await medkit('robots', 'robots.csv');
    assert.ok(refused.code !== 0 && refused.output.includes('overwrite it with --force'), refused.output);
    assert.equal(written('robots.csv'), 'mine');
    assert.equal((await medkit('robots', 'robots.csv', '--force')).code, 0);
    assert.match(written('robots.csv'), /\r\namr-1,approved,/);
  });

  test('is refused with the reason, and leaves no file', async () => {
    for (const [args, reason] of [
      [['issues', 'x.csv'], /"issues" is not one of occurrences, robots, events/],
      [['robots', 'x.csv', '--code', 'MOTOR'], /robots have no filter --code/],
      [['occurrences', 'x.csv', '--state', 'grave'], /neither active nor ended/],
      [['occurrences', 'x.csv', '--format', 'xlsx'], /format/],
      [['occurrences', join('none', 'x.csv')], /ENOENT|cannot write/],
    ] as const) {
      const { code, output } = await medkit(...args);
      assert.notEqual(code, 0, args.join(' '));
      assert.match(output, reason);
    }
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('x.csv')),
      [],
    );
  });
});
