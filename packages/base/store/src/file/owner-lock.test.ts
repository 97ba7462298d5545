import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { StoreUnavailable } from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { LockTaken, takeOwnerLock } from './owner-lock.ts';

const FIRST = { pid: 7, host: 'robot', since: '2026-11-22T10:00:00.000Z' };
const SECOND = { ...FIRST, pid: 8 };

const refusal = (path: string): string => {
  try {
    takeOwnerLock(path, SECOND).release();
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof LockTaken, String(error));
    return error.message;
  }
};

describe('the lock of an owner', () => {
  it('is held by one process at a time, and names that process and its address to others', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'new', 'gateway.lock');
    const lock = takeOwnerLock(path, FIRST);
    assert.equal(refusal(path), `${path} is held by process 7 on robot, since 2026-11-22T10:00:00.000Z`);
    lock.publishAddress('http://127.0.0.1:8080');
    assert.match(refusal(path), /process 7 on robot at http:\/\/127\.0\.0\.1:8080, since/);
    lock.release();
    assert.equal(refusal(path), 'taken');
  });

  it('is held even if the file with the name of its owner is damaged', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'gateway.lock');
    const lock = takeOwnerLock(path, FIRST);
    writeFileSync(`${path}.json`, '{"pid":');
    assert.equal(refusal(path), `${path} is held by another process`);
    lock.release();
  });

  it('is released when its owner is killed', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'gateway.lock');
    const source = `import { takeOwnerLock } from ${JSON.stringify(join(import.meta.dirname, 'owner-lock.ts'))};
      globalThis.lock = takeOwnerLock(${JSON.stringify(path)}, { pid: process.pid, host: 'robot', since: 'now' });
      console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    try {
      await once(child.stdout, 'data');
      assert.match(refusal(path), new RegExp(`held by process ${child.pid} on robot`));
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    assert.equal(refusal(path), 'taken');
  });

  it('is taken again if its file was removed, unless another process was faster', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'data', 'gateway.lock');
    const lock = takeOwnerLock(path, FIRST);
    assert.equal(lock.renew(), false);
    rmSync(join(folder.path, 'data'), { recursive: true });
    assert.equal(lock.renew(), true);
    assert.match(refusal(path), /process 7/);
    rmSync(join(folder.path, 'data'), { recursive: true });
    const other = takeOwnerLock(path, SECOND);
    assert.throws(() => lock.renew(), /process 8/);
    other.release();
    lock.release();
  });

  it('cannot be taken if no file can be created', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'file'), '');
    assert.throws(() => takeOwnerLock(join(folder.path, 'file', 'gateway.lock'), FIRST), StoreUnavailable);
  });
});
