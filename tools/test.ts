import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * Runs every test in one run of node:test, so that there is one total at the end. The unit tests of all packages share a
 * process (`tools/unit-tests.test.ts`): a process each would cost more than the tests do. Scenes have one each; most of
 * their time is waiting for real peers, so that as many run at once as there are cores.
 *
 * `npm test -- <words>` runs only the scenes whose path contains one of the words; `unit` stands for the unit tests.
 */
const root = join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const wanted = (file: string) => words.length === 0 || words.some((word) => file.includes(word));
const scenes = globSync('test/**/*.test.ts', { cwd: root }).sort().filter(wanted);
const units = wanted('unit') ? ['tools/unit-tests.test.ts'] : [];

/** Of a file: the unit tests of all packages are the longest one. */
const TIMEOUT_MS = 900_000;
/** What CI sets: there a test that was not run, for whatever reason, would be taken for one that passed. */
const inCi = process.env['CI'] !== undefined && process.env['CI'] !== 'false';

const tests = run({
  cwd: root,
  files: [...units, ...scenes].map((file) => join(root, file)),
  concurrency: availableParallelism(),
  timeout: TIMEOUT_MS,
  execArgv: ['--disable-warning=ExperimentalWarning'],
});
tests.on('test:fail', () => {
  process.exitCode = 1;
});
tests.on('test:pass', ({ name, file, skip, todo }) => {
  if (!inCi || (skip === undefined && todo === undefined)) return;
  console.error(`not run, which in CI is a failure: ${name} (${file})`);
  process.exitCode = 1;
});
tests.compose(spec).pipe(process.stdout);
