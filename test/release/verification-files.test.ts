import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, suite, test } from 'node:test';
import { type Packed, packed } from './packed.ts';

suite('the files that verify a release', { timeout: 600_000 }, () => {
  let release: Packed;
  before(async () => {
    release = await packed();
  });

  test('SHA256SUMS has the checksum of every other file', () => {
    const printed = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: release.folder,
      encoding: 'utf8',
    });
    const checked = printed.trim().split('\n');
    assert.ok(checked.every((line) => line.endsWith(': OK')));
    const files = globSync(['*.*', 'tarballs/*'], { cwd: release.folder });
    assert.deepEqual(checked.map((line) => line.replace(': OK', '')).sort(), files.sort());
  });

  test('the bill of materials has every package in the tarball, with version and licence', () => {
    const [path = ''] = globSync(join(release.folder, '*.cdx.json'));
    assert.equal(basename(path), basename(release.command).replace('.tgz', '.cdx.json'));
    const { bomFormat, components } = JSON.parse(readFileSync(path, 'utf8'));
    assert.equal(bomFormat, 'CycloneDX');
    const listed = new Set(components.map(({ name }: { name: string }) => name));
    const packages = execFileSync('tar', ['--list', '--file', release.command], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
      .split('\n')
      .flatMap(
        (file) => /^package\/(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(file)?.[1] ?? [],
      );
    assert.ok(packages.includes('fastify'));
    assert.deepEqual(
      packages.filter((name) => !listed.has(name)),
      [],
    );
    const isComplete = ({ version, licenses }: { version?: string; licenses?: readonly unknown[] }) =>
      version !== undefined && (licenses?.length ?? 0) > 0;
    const incomplete = components.filter((each: object) => !isComplete(each)).map(({ name }: { name: string }) => name);
    assert.deepEqual(incomplete, ['precond'], 'its package.json names no licence; its README names MIT');
  });
});
