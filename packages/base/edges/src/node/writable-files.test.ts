import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { NotExact } from '../files.ts';
import { systemFiles } from './files.ts';
import { systemWritableFiles } from './writable-files.ts';

const files = { ...systemFiles, ...systemWritableFiles };

async function* chunks(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('writing files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medkit-files-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('starts a file with private permissions, appends to it, and retains the previous one', async () => {
    const path = join(folder, 'new.bin');
    for (const first of [7, 8, 1]) {
      await files.create(path, Uint8Array.of(first));
      await files.append(path, Uint8Array.of(2, 3));
    }
    assert.deepEqual([...(await readFile(path))], [1, 2, 3]);
    assert.deepEqual([...(await readFile(`${path}.old`))], [8, 2, 3]);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('writes through a link without replacing it', async () => {
    const [file, link] = [join(folder, 'target.bin'), join(folder, 'link.bin')];
    await writeFile(file, 'old');
    await symlink(file, link);
    await files.create(link, Uint8Array.of(1));
    assert.deepEqual([...(await readFile(file))], [1]);
    assert.ok((await lstat(link)).isSymbolicLink());
  });

  it('does not begin a file in the middle', async () => {
    await assert.rejects(files.append(join(folder, 'gone.bin'), Uint8Array.of(1)), { code: 'ENOENT' });
  });

  it('reports the error of the system', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await assert.rejects(files.create(join(file, 'below'), Uint8Array.of(1)), { code: 'ENOTDIR' });
  });
});

describe('stored files on the machine', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medkit-stored-files-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('a file is written in chunks, for its owner alone, and read whole and in part', async () => {
    const path = join(folder, 'deep', 'er', 'file');
    await files.write(path, chunks('0123', '456', '789'));
    assert.equal(await text(files.read(path)), '0123456789');
    assert.equal(await text(files.read(path, { first: 3, last: 5 })), '345');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'deep'))).mode & 0o777, 0o700);
  });

  it('an existing file is not overwritten', async () => {
    const path = join(folder, 'there');
    await writeFile(path, 'old');
    await assert.rejects(files.write(path, chunks('new')), { code: 'EEXIST' });
    assert.equal(await text(files.read(path)), 'old');
  });

  it('a folder is moved and removed with its content', async () => {
    await files.write(join(folder, 'from', 'a'), chunks('a'));
    await files.move(join(folder, 'from'), join(folder, 'to', 'here'));
    assert.equal(await text(files.read(join(folder, 'to', 'here', 'a'))), 'a');
    await files.remove(join(folder, 'to'));
    await files.remove(join(folder, 'to'));
    assert.equal((await readdir(folder)).includes('to'), false);
  });

  it('the caller removes a file whose writing broke off', async () => {
    const path = join(folder, 'torn');
    const torn = (async function* () {
      yield Buffer.from('half');
      throw new Error('gone');
    })();
    await assert.rejects(files.write(path, torn), /gone/);
    assert.equal(await text(files.read(path)), 'half');
  });

  it('state returns the size of a file, the type of a folder, and nothing for a missing path', async () => {
    const path = join(folder, 'looked', 'at');
    await files.write(path, chunks('0123'));
    const { mtimeMs } = await stat(path);
    const state = {
      path: await realpath(path),
      isFile: true,
      isFolder: false,
      bytes: 4,
      modifiedMs: mtimeMs,
      mode: 0o600,
    };
    assert.deepEqual(await files.stateOf(path), state);
    assert.equal((await files.stateOf(join(folder, 'looked')))?.isFolder, true);
    assert.equal(await files.stateOf(join(path, 'below')), undefined);
    assert.equal(await files.stateOf(join(folder, 'nothing')), undefined);
  });

  it('a missing file cannot be read', async () => {
    await assert.rejects(text(files.read(join(folder, 'nothing'))), { code: 'ENOENT' });
  });
});

describe('releases on the machine', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-releases-')));
  const at = (...names: readonly string[]) => join(folder, ...names);
  after(() => rmSync(folder, { recursive: true }));

  const textOf = async (path: string): Promise<string> => {
    let text = '';
    for await (const chunk of files.readContent(path)) text += Buffer.from(chunk).toString();
    return text;
  };

  it('keep executable permissions', async () => {
    await files.makeFolder(at('a', 'b'));
    await files.writeContent(at('a', 'b', 'run'), 0o755, chunks('#!', '/bin/sh'));
    await files.syncFolder(at('a', 'b'));
    assert.equal(await textOf(at('a', 'b', 'run')), '#!/bin/sh');
    assert.equal(statSync(at('a', 'b', 'run')).mode & 0o7777, 0o755);
    assert.equal(statSync(at('a')).mode & 0o7777, 0o755);
    await assert.rejects(files.writeContent(at('a', 'b', 'run'), 0o644, chunks()), { code: 'EEXIST' });
  });

  it('are read without following links, and only if they are files', async () => {
    mkdirSync(at('real'));
    writeFileSync(at('real', 'file'), 'x');
    symlinkSync(at('real', 'file'), at('real', 'link'));
    symlinkSync(at('real'), at('aside'));
    for (const path of [at('real', 'link'), at('aside', 'file'), at('real'), at('none')]) {
      await assert.rejects(textOf(path), NotExact, path);
    }
  });

  it('are packed only from folders of regular files', async () => {
    assert.deepEqual(await files.filesBelow(at('a')), [{ path: 'b/run', mode: 0o755 }]);
    await assert.rejects(files.filesBelow(at('real')), /link is neither a file nor a folder/);
  });

  it('replace small files atomically, whatever an earlier attempt left', async () => {
    writeFileSync(at('state.json.next'), 'torn');
    await files.replaceText(at('state.json'), '1');
    await files.replaceText(at('state.json'), '2');
    assert.equal(readFileSync(at('state.json'), 'utf8'), '2');
    assert.equal(readdirSync(folder).includes('state.json.next'), false);
  });

  it('are selected by a link that always exists', async () => {
    symlinkSync('nowhere', at('current.next'));
    assert.equal(await files.readLink(at('current'), { linkOnly: true }), undefined);
    await files.pointLink(at('current'), 'a');
    await files.pointLink(at('current'), 'real');
    assert.equal(await files.readLink(at('current'), { linkOnly: true }), 'real');
    await files.pointLink(at('current'), undefined);
    assert.equal(await files.readLink(at('current'), { linkOnly: true }), undefined);
    await assert.rejects(files.readLink(at('real'), { linkOnly: true }), /is not a link/);
  });

  it('are moved and removed as folders; removing a link keeps its target', async () => {
    await files.makeFolder(at('to'));
    await files.move(at('a'), at('to', 'here'));
    assert.equal(await textOf(at('to', 'here', 'b', 'run')), '#!/bin/sh');
    await files.remove(at('aside'));
    assert.equal(await textOf(at('real', 'file')), 'x');
    await files.remove(at('to'));
    await files.remove(at('to'));
    assert.equal(readdirSync(folder).includes('to'), false);
    assert.ok((await files.freeBytes(folder)) > 0);
  });
});
