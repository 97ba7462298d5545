import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { MAX_FILES, readManifest, totalSize } from './manifest.ts';

const file = { path: 'bin/run', size: 3, mode: '0755', sha256: 'a'.repeat(64) };
const manifest = { format: 'medkit-update/1', id: 'nav-2.1', version: '2.1', target: 'robot', files: [file] };
const read = (value: unknown) => readManifest(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

describe('the manifest of an artifact', () => {
  it('is read as it was written', () => {
    assert.deepEqual(read(manifest), manifest);
    assert.deepEqual(read({ ...manifest, more: 1 }), manifest);
    assert.equal(totalSize(read({ ...manifest, files: [file, { ...file, path: 'b' }] })), 6);
  });

  const files = (...paths: readonly string[]) => ({ ...manifest, files: paths.map((path) => ({ ...file, path })) });
  for (const [what, value, pattern] of [
    ['malformed JSON', '{', /not a JSON object/],
    ['a list', [], /not a JSON object/],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe]).toString('latin1'), /not a JSON object/],
    ['another format', { ...manifest, format: 'medkit-update/2' }, /format is not medkit-update\/1/],
    ['no id', { ...manifest, id: undefined }, /id is invalid/],
    ['an id that is a folder', { ...manifest, id: '..' }, /id is invalid/],
    ['no version', { ...manifest, version: 2 }, /no version/],
    ['a target of several lines', { ...manifest, target: 'a\nb' }, /no target/],
    ['no files', { ...manifest, files: [] }, /no files/],
    ['too many files', { ...manifest, files: Array(MAX_FILES + 1).fill(file) }, /more than 50000/],
    ['a file that is not an object', { ...manifest, files: [null] }, /not an object/],
    ['a path that leaves the artifact', files('../../etc/passwd'), /not a valid path of a file/],
    ['a path that leaves the artifact in the middle', files('bin/../../x'), /not a valid path of a file/],
    ['an absolute path', files('/etc/passwd'), /not a valid path of a file/],
    ['a path with an empty segment', files('bin//run'), /not a valid path of a file/],
    ['a path with control characters', files('bin/\u0000'), /not a valid path of a file/],
    ['a name that is too long', files('x'.repeat(256)), /not a valid path of a file/],
    ['the file name of the manifest', files('update.json'), /not a valid path of a file/],
    ['the file name of the signature', files('update.sig'), /not a valid path of a file/],
    ['a duplicate file', files('a', 'a'), /a file twice/],
    ['a file that is also a folder', files('a', 'a/b/c'), /a is a file and a folder/],
    ['a negative size', { ...manifest, files: [{ ...file, size: -1 }] }, /has no size/],
    ['a fractional size', { ...manifest, files: [{ ...file, size: 0.5 }] }, /has no size/],
    ['a setuid program', { ...manifest, files: [{ ...file, mode: '4755' }] }, /no mode/],
    ['a file that every user can write', { ...manifest, files: [{ ...file, mode: '0666' }] }, /no mode/],
    ['a digest in capitals', { ...manifest, files: [{ ...file, sha256: 'A'.repeat(64) }] }, /no SHA-256/],
  ] as const) {
    it(`is rejected with ${what}`, () => {
      assert.throws(
        () => read(value),
        (error) =>
          error instanceof SovdError && error.parameters?.['reason'] === 'manifest' && pattern.test(error.message),
      );
    });
  }
});
