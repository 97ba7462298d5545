import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { NotExact } from '../files.ts';
import { systemFiles } from './files.ts';

describe('a file opened without following links', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-exact-')));
  const text = async (path: string) => (await systemFiles.readExact(join(folder, path), 100))?.toString();
  before(() => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'file'), 'content');
    symlinkSync(join(folder, 'a', 'file'), join(folder, 'a', 'link'));
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is read by its real path', async () => assert.equal(await text('a/file'), 'content'));

  it('is rejected if its path is a link or leads through one', async () => {
    await assert.rejects(text('a/link'), NotExact);
    await assert.rejects(text('b/file'), NotExact);
  });

  it('is rejected if it is a folder or larger than the limit', async () => {
    await assert.rejects(text('a'), NotExact);
    await assert.rejects(systemFiles.readExact(join(folder, 'a', 'file'), 3), /7 bytes, more than 3/);
  });

  it('is undefined if it does not exist or its name is too long', async () => {
    assert.equal(await text('a/none'), undefined);
    assert.equal(await text('a/file/below'), undefined);
    assert.equal(await text('x'.repeat(300)), undefined);
    assert.equal(await systemFiles.canonical(join(folder, 'none')), undefined);
    assert.equal(await systemFiles.canonical(join(folder, 'b')), join(folder, 'a'));
  });
});
