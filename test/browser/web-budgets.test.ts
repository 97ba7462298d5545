import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const dist = join(import.meta.dirname, '..', '..', 'packages', 'programs', 'web', 'dist');
const KIB = 1000;

interface Built {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

const manifest: Readonly<Record<string, Built>> = JSON.parse(
  readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'),
);

/** Returns the compressed size in bytes. */
function sizeOf(file: string): number {
  try {
    return readFileSync(join(dist, `${file}.gz`)).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readFileSync(join(dist, file)).length;
  }
}

/** Returns the files that are loaded with a module, without lazily loaded ones. */
function filesWith(key: string, files = new Set<string>()): Set<string> {
  const built = manifest[key];
  assert.ok(built, `${key} was built`);
  if (files.has(built.file)) return files;
  files.add(built.file);
  for (const style of built.css ?? []) files.add(style);
  for (const other of built.imports ?? []) filesWith(other, files);
  return files;
}

const sum = (files: Iterable<string>): number => [...files].reduce((octets, file) => octets + sizeOf(file), 0);

describe('the code that a browser loads', () => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const first = new Set<string>();
  for (const [key, { file }] of Object.entries(manifest)) if (page.includes(file)) filesWith(key, first);

  it('is at most 130 kB for the first page', () => {
    assert.ok(first.size > 0, page);
    assert.ok(
      sum(first) <= 130 * KIB,
      `${sum(first)} octets: ${[...first].map((file) => `${file} ${sizeOf(file)}`).join(', ')}`,
    );
  });

  it('is at most 180 kB with the page of an incident, its chart and its recording', () => {
    const files = new Set(first);
    for (const page of ['incidents/incident-page.tsx', 'charts/time-chart.tsx', 'recordings/recording-view.tsx']) {
      filesWith(`src/${page}`, files);
    }
    assert.ok(sum(files) <= 180 * KIB, `${sum(files)} octets`);
  });

  it('is split into chunks of at most 60 kB, except for the first page', () => {
    for (const { file } of Object.values(manifest)) {
      if (!first.has(file)) assert.ok(sizeOf(file) <= 60 * KIB, `${file} ${sizeOf(file)}`);
    }
  });
});

describe('the bundled packages', () => {
  it('are listed with their licences, those bundled only in workers too', () => {
    const licences = readFileSync(join(dist, 'licenses.md'), 'utf8');
    for (const name of ['react', 'uplot', '@mcap/core', 'fzstd'])
      assert.match(licences, new RegExp(`^## ${name} - \\d+\\.\\d+\\.\\d+ \\([\\w-]+\\)$`, 'm'));
  });
});
