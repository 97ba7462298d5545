import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { linkPackages } from './link-packages.ts';

/** Checks that every commit must pass: types, lint, format, and the tests of the package layers and the documents. */
const root = join(import.meta.dirname, '..');
linkPackages(root);
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const steps: readonly (readonly [string, string, readonly string[]])[] = [
  ['types', bin('tsc'), ['-p', '.']],
  ['types of the pages', bin('tsc'), ['-p', 'packages/programs/web']],
  ['lint and format', bin('biome'), ['check', '--error-on-warnings', '.']],
  [
    'layers and documents',
    process.execPath,
    ['--test', '--test-reporter=dot', '--test-isolation=none', 'tools/*/*.test.ts'],
  ],
];

for (const [name, command, args] of steps) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`check: ${name} failed after ${seconds} s`);
    process.exit(1);
  }
  console.log(`check: ${name} ok (${seconds} s)`);
}
