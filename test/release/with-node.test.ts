import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';

const SCRIPT = join(import.meta.dirname, '../../tools/with-node');
/** Removes all packages before fetching any, like `npm ci`. */
const NPM = 'rm -rf node_modules && mkdir node_modules && echo new > node_modules/package';

/** A clone with installed packages whose lock file is newer, and an npm that ends as `outcome` says. */
function openClone(outcome: string) {
  const root = mkdtempSync(join(tmpdir(), 'medkit-clone-'));
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode });
  };
  write('package-lock.json', 'new');
  write('node_modules/package', 'old');
  write('node_modules/.medkit-lock', 'the digest of the lock file before');
  write('bin/npm', `#!/bin/sh\n${NPM} && ${outcome}\n`, 0o755);
  mkdirSync(join(root, 'tools'));
  const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
  copyFileSync(SCRIPT, join(root, 'tools/with-node'));
  return {
    read: (path: string) => readFileSync(join(root, path), 'utf8').trim(),
    has: (path: string) => existsSync(join(root, path)),
    write,
    install: () => spawnSync('sh', [join(root, 'tools/with-node')], { env, encoding: 'utf8' }),
    /** The way a shell starts it: Ctrl-C reaches the script and npm. */
    start: () => spawn('sh', [join(root, 'tools/with-node')], { env, detached: true, stdio: 'ignore' }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

describe('an install of packages whose lock file changed', () => {
  it('that fails leaves the packages of the last install in place, and says so', () => {
    using clone = openClone('exit 1');
    const { status, stderr } = clone.install();
    assert.equal(status, 1);
    assert.match(stderr, /npm ci failed.*\n.*still there/);
    assert.equal(clone.read('node_modules/package'), 'old');
    assert.match(clone.read('node_modules/.medkit-lock'), /before/);
    assert.equal(clone.has('node_modules.before'), false);
  });

  it('that is interrupted leaves them in place, too', async () => {
    using clone = openClone('exec sleep 60');
    const child = clone.start();
    await eventually(
      'the install',
      async () => clone.has('node_modules/package') && clone.read('node_modules/package') === 'new',
    );
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 1);
    assert.equal(clone.read('node_modules/package'), 'old');
  });

  it('that succeeds replaces them', () => {
    using clone = openClone('exit 0');
    assert.equal(clone.install().status, 0);
    assert.equal(clone.read('node_modules/package'), 'new');
    assert.match(clone.read('node_modules/.medkit-lock'), /^[\da-f]{64}$/);
    assert.equal(clone.has('node_modules.before'), false);
  });

  it('that was killed earlier is repeated, with the complete packages as fallback', () => {
    using clone = openClone('exit 1');
    clone.write('node_modules.before/package', 'complete');
    assert.equal(clone.install().status, 1);
    assert.equal(clone.read('node_modules/package'), 'complete');
  });
});
