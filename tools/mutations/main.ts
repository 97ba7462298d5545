import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTATIONS, type Mutation } from './mutations.ts';

const root = join(import.meta.dirname, '..', '..');
const HELP = `Changes security rules one at a time, and runs the unit tests beside each rule. A change that no test detects is printed, and fails
the run.

  --only <text>   only the rules of files whose path contains the text`;
/** A mutant may loop forever; the tests of one rule take a few seconds. */
const TIMEOUT_MS = 60_000;

/** Returns why a mutant survived; `undefined` if a test failed. */
function survival(number: number, { file, tests }: Mutation): string | undefined {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...['--import', join(import.meta.dirname, 'mutate.ts'), '--test', '--test-isolation=none', '--test-reporter=dot'],
      ...tests.map((test) => join(root, test)),
    ],
    {
      cwd: root,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, MEDKIT_TEST_MUTATION: String(number) },
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    },
  );
  if (stderr.includes(`not loaded: ${file}`)) return 'no test loads the file';
  if (/SyntaxError|ERR_INVALID_TYPESCRIPT/.test(stdout + stderr)) return 'the mutant is no valid source';
  if (stdout === '' && status !== 0 && status !== null) return `the tests could not run: ${stderr.trim().slice(-300)}`;
  return status === 0 ? 'no test fails' : undefined;
}

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(HELP);
} else {
  let [tried, survived] = [0, 0];
  for (const [number, mutation] of MUTATIONS.entries()) {
    if (!mutation.file.includes(values.only)) continue;
    tried += 1;
    const reason = survival(number, mutation);
    if (reason === undefined) continue;
    survived += 1;
    console.error(`${mutation.file}: ${reason}\n  - ${mutation.rule.trim()}\n  + ${mutation.mutant.trim()}`);
  }
  console.log(`${tried - survived} of ${tried} mutants are detected by the unit tests beside them`);
  if (survived > 0) process.exitCode = 1;
}
