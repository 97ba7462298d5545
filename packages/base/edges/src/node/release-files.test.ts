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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { NotExact } from '../files.ts';
import { systemReleaseFiles as files } from './release-files.ts';

async function* chunks(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('releases on the machine', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-releases-')));
  const at = (...names: readonly string[]) => join(folder, ...names);
  after(() => rmSync(folder, { recursive: true }));

  const textOf = async (path: string): Promise<string> => {
    let text = '';
    for await (const chunk of files.readContent(path)) text += Buffer.from(chunk).toString();
    return text;
  };

  it('keep what may be run', async () => {
    await files.makeFolder(at('a', 'b'));
    await files.writeContent(at('a', 'b', 'run'), 0o755, chunks('#!', '/bin/sh'));
    await files.syncFolder(at('a', 'b'));
    assert.equal(await textOf(at('a', 'b', 'run')), '#!/bin/sh');
    assert.equal(statSync(at('a', 'b', 'run')).mode & 0o7777, 0o755);
    assert.equal(statSync(at('a')).mode & 0o7777, 0o755);
    await assert.rejects(files.writeContent(at('a', 'b', 'run'), 0o644, chunks()), { code: 'EEXIST' });
  });

  it('are read without following links, and only where they are files', async () => {
    mkdirSync(at('real'));
    writeFileSync(at('real', 'file'), 'x');
    symlinkSync(at('real', 'file'), at('real', 'link'));
    symlinkSync(at('real'), at('aside'));
    for (const path of [at('real', 'link'), at('aside', 'file'), at('real'), at('none')]) {
      await assert.rejects(textOf(path), NotExact, path);
    }
  });

  it('are packed from folders that have nothing but files in them', async () => {
    assert.deepEqual(await files.filesBelow(at('a')), [{ path: 'b/run', mode: 0o755 }]);
    await assert.rejects(files.filesBelow(at('real')), /link is neither a file nor a folder/);
  });

  it('have small files that are replaced as a whole, whatever an earlier try left', async () => {
    writeFileSync(at('state.json.next'), 'torn');
    await files.replaceText(at('state.json'), '1');
    await files.replaceText(at('state.json'), '2');
    assert.equal(readFileSync(at('state.json'), 'utf8'), '2');
    assert.equal(readdirSync(folder).includes('state.json.next'), false);
  });

  it('are led to by a link that is never away', async () => {
    symlinkSync('nowhere', at('current.next'));
    assert.equal(await files.linkTarget(at('current')), undefined);
    await files.pointLink(at('current'), 'a');
    await files.pointLink(at('current'), 'real');
    assert.equal(await files.linkTarget(at('current')), 'real');
    await files.pointLink(at('current'), undefined);
    assert.equal(await files.linkTarget(at('current')), undefined);
    await assert.rejects(files.linkTarget(at('real')), /is no link/);
  });

  it('are moved and removed as folders; a link is removed without what it leads to', async () => {
    await files.makeFolder(at('to'));
    await files.moveFolder(at('a'), at('to', 'here'));
    assert.equal(await textOf(at('to', 'here', 'b', 'run')), '#!/bin/sh');
    await files.removeAll(at('aside'));
    assert.equal(await textOf(at('real', 'file')), 'x');
    await files.removeAll(at('to'));
    await files.removeAll(at('to'));
    assert.equal(readdirSync(folder).includes('to'), false);
    assert.ok((await files.freeBytes(folder)) > 0);
  });
});
