import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { linkPackages } from './link-packages.ts';

/**
 * Runs test files alone, with the options of `node --test`:
 * `npm run test:file -- packages/core/src/json/json.test.ts --watch`.
 */
const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const files = args.filter((arg) => !arg.startsWith('-'));
if (files.length === 0) {
  console.error('usage: npm run test:file -- <file.test.ts>… [--watch] [--test-name-pattern=<text>]');
  process.exit(2);
}
linkPackages(root);
const { status } = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', '--test', ...args.filter((arg) => arg.startsWith('-')), ...files],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
