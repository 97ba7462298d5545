import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';

const root = join(import.meta.dirname, '..', '..');
const DOMAIN = 119;

test('the tarballs install in an empty folder and serve the demo robot from there', { timeout: 240_000 }, async () => {
  execFileSync(process.execPath, [join(root, 'tools/release/pack.ts')], { cwd: root, stdio: 'pipe' });
  const tarballs = globSync(join(root, 'build/tarballs/*.tgz'));
  const folder = mkdtempSync(join(tmpdir(), 'medkit-packed-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], {
      cwd: folder,
      stdio: 'pipe',
    });
    const script = join(folder, 'node_modules/@medkit/cli/dist/main.js');
    // The robot of the demo speaks DDS in its own main thread, so both ways are seen to work from here.
    const words = ['demo', '--port', '0', '--domain', String(DOMAIN), '--set', 'ros.own_thread=true'];
    const gateway = startProgram(words, { cwd: folder, script });
    try {
      const [url] = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+/);
      const scan = await eventually('a scan', async () => {
        const response = await fetch(`${url}/api/v1/apps/lidar_driver/data/scan`);
        const body = (await response.json()) as { data?: { ranges?: readonly number[] } };
        return body.data?.ranges;
      });
      assert.ok(scan.length > 0);
      assert.equal((await fetch(`${url}/docs`)).status, 200, 'Swagger UI came with the tarball');
      assert.equal(
        (await fetch(url, { headers: { accept: 'text/html' } })).status,
        200,
        'the page came with the tarball',
      );
    } finally {
      await gateway.end('SIGINT');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
