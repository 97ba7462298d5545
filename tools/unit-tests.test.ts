import { globSync } from 'node:fs';
import { join } from 'node:path';

/** Runs all unit tests in one process: they do no I/O and share no state. */
const root = join(import.meta.dirname, '..');
for (const file of globSync(['packages/**/src/**/*.test.ts', 'tools/*/*.test.ts', 'examples/**/*.test.ts'], {
  cwd: root,
}).sort()) {
  await import(join(root, file));
}
