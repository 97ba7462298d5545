import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs every test under one `node --test`, so that there is one total at the end. The unit tests of all packages share a
 * process (`tools/unit-tests.test.ts`): a process each would cost more than the tests do. Scenes have one each.
 *
 * `npm test -- <words>` runs only the scenes whose path contains one of the words; `unit` stands for the unit tests.
 */
const root = join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const wanted = (file: string) => words.length === 0 || words.some((word) => file.includes(word));
const scenes = globSync('test/**/*.test.ts', { cwd: root }).sort().filter(wanted);
const units = wanted('unit') ? ['tools/unit-tests.test.ts'] : [];

const child = spawn(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-concurrency=1',
    '--test-timeout=300000',
    ...units,
    ...scenes,
  ],
  { cwd: root, stdio: 'inherit' },
);
child.on('exit', (code) => process.exit(code ?? 1));
