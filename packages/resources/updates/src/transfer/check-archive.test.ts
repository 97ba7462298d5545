import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { errorOf } from '@medkit/core/testing';
import { artifactTar } from '../artifact/artifact-tar.ts';
import { encodeFileHeader, paddingOf } from '../artifact/tar-header.ts';
import { installedRobot, systemInstallFiles } from '../testing/installed-robot.ts';
import { checkArchive } from './check-archive.ts';

const robot = installedRobot();
after(() => robot.remove());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
async function* chunksOf(archive: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
}
const member = (path: string, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([encodeFileHeader(path, bytes.length), bytes, Buffer.alloc(paddingOf(bytes.length))]);
const tarOf = (...members: readonly (readonly [string, string | Uint8Array])[]): Uint8Array =>
  Buffer.concat([...members.map(([path, content]) => member(path, Buffer.from(content))), Buffer.alloc(1024)]);

async function packed() {
  await robot.layDown('nav-1', { files: { 'bin/run': 'go', 'maps/Halle – 3.pgm': 'x'.repeat(70_000) } });
  const folder = robot.at('incoming', 'nav-1');
  const archive = await buffer((await artifactTar(folder, systemInstallFiles)).read(0));
  const manifest = readFileSync(robot.at('incoming', 'nav-1', 'update.json'));
  const signature = readFileSync(robot.at('incoming', 'nav-1', 'update.sig'));
  return { archive, manifest, signature };
}

describe('the check of an archive', () => {
  it('returns its id, size and digests, in chunks of any size and members of any order', async () => {
    const { archive, manifest, signature } = await packed();
    const expected = { id: 'nav-1', sha256: sha256(archive) };
    const checked = { ...expected, bytes: archive.length, manifestSha256: sha256(manifest) };
    for (const size of [100, 4096, archive.length]) {
      assert.deepEqual(await checkArchive(chunksOf(archive, size), expected), checked);
    }
    const files = [['bin/run', 'go'] as const, ['maps/Halle – 3.pgm', 'x'.repeat(70_000)] as const];
    const other = tarOf(...files, ['update.sig', signature], ['update.received', 'x'], ['update.json', manifest]);
    const { id, manifestSha256 } = await checkArchive(Readable.from([other]));
    assert.deepEqual([id, manifestSha256], ['nav-1', sha256(manifest)]);
  });

  it('refuses an archive that is another one, or whose files are not those of the manifest', async () => {
    const { archive, manifest } = await packed();
    const map = ['maps/Halle – 3.pgm', 'x'.repeat(70_000)] as const;
    const run = ['bin/run', 'go'] as const;
    const json = ['update.json', manifest] as const;
    for (const [bad, reason, text] of [
      [archive.subarray(0, 40_000), 'artifact', /ends too early/],
      [Buffer.alloc(2048, 7), 'artifact', /an invalid header/],
      [tarOf(run), 'artifact', /has no update.json at its top level/],
      [tarOf(['update.json', '{']), 'manifest', /is not a JSON object/],
      [tarOf(['update.json', Buffer.alloc(8 * 1024 * 1024 + 1)]), 'artifact', /update.json of more than 8388608 bytes/],
      [tarOf(json, json, run, map), 'artifact', /two files at one path/],
      [tarOf(json, run, run, map), 'artifact', /two files at one path/],
      [tarOf(json, ['../run', 'go']), 'artifact', /invalid path: "..\/run"/],
      [tarOf(json, run), 'artifact', /"maps\/Halle – 3.pgm" is missing/],
      [tarOf(json, ['bin/run', 'gone'], map), 'artifact', /"bin\/run" has 4 bytes, not 2/],
      [tarOf(json, ['bin/run', 'no'], map), 'artifact', /SHA-256 of "bin\/run" is/],
      [tarOf(json, run, map, ['other', '']), 'artifact', /"other" is not listed. Run `medkit update pack` again/],
    ] as const) {
      const error = await errorOf(checkArchive(Readable.from([bad])));
      assert.deepEqual([error.code, error.parameters?.['reason']], ['x-medkit-update-refused', reason], error.message);
      assert.match(error.message, text);
    }
    const digest = await errorOf(checkArchive(Readable.from([archive]), { sha256: '0'.repeat(64) }));
    assert.match(digest.message, new RegExp(`is ${sha256(archive)}, not 0{64}: transfer it again`));
    const identity = await errorOf(checkArchive(Readable.from([archive]), { id: 'nav-2' }));
    assert.match(identity.message, /belongs to update nav-1, not to nav-2/);
  });
});
