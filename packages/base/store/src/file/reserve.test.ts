import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { Reserve } from './reserve.ts';

const OCTETS = 100_000;

describe('the reserve of a database', () => {
  it('is a separate, incompressible file until it is released', () => {
    using folder = temporaryFolder();
    const reserve = new Reserve(join(folder.path, 'a.db'), OCTETS);
    assert.equal(reserve.take(), true);
    assert.deepEqual(readdirSync(folder.path), ['a.db.reserve']);
    const path = join(folder.path, 'a.db.reserve');
    assert.deepEqual([statSync(path).size, statSync(path).mode & 0o777], [OCTETS, 0o600]);
    assert.ok(new Set(readFileSync(path)).size > 200);
    assert.equal(reserve.release(), true);
    assert.deepEqual(readdirSync(folder.path), []);
    assert.equal(reserve.release(), false, 'there is no more to give up');
  });

  it('is reused if it is whole, and completed if it is not', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.db.reserve');
    const taken = () => new Reserve(join(folder.path, 'a.db'), OCTETS).take();
    assert.equal(taken(), true);
    const { mtimeMs } = statSync(path);
    assert.equal(taken(), true);
    assert.equal(statSync(path).mtimeMs, mtimeMs, 'it is not written again');
    writeFileSync(path, 'cut short');
    assert.equal(taken(), true);
    assert.equal(statSync(path).size, OCTETS);
  });

  it('is not created if the disk has too little space or if no reserve is wanted', () => {
    using folder = temporaryFolder();
    assert.equal(new Reserve(join(folder.path, 'a.db'), Number.MAX_SAFE_INTEGER).take(), false);
    const none = new Reserve(join(folder.path, 'a.db'), 0);
    assert.deepEqual([none.take(), none.release()], [true, false]);
    assert.deepEqual(readdirSync(folder.path), []);
  });
});
