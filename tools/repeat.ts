import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installSystemPackages } from '../test/harness/system-packages.ts';
import { linkPackages } from './link-packages.ts';
import { runFile } from './suite/run-file.ts';
import { failuresIn } from './suite/run-files.ts';
import { buildPages } from './web/pages.ts';

const HELP = `Runs test files many times beside processes that use a whole core each, to find tests that fail only under load:
npm run test:repeat -- federation/clocks --times 20

  --times <number>   how often each file runs (default 20)
  --hogs <number>    processes that use a core (default 1)`;
const root = join(import.meta.dirname, '..');
/** Maximum silence of a file: a hog takes half of a small machine. */
const SILENCE_MS = 300_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '20' },
    hogs: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
const [times, hogs] = [Number(values.times), Number(values.hogs)];
const files = globSync('test/**/*.test.ts', { cwd: root })
  .filter((file) => positionals.some((word) => file.includes(word)))
  .sort();
if (values.help || files.length === 0 || !(times >= 1) || !(hogs >= 0)) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}
linkPackages(root);
installSystemPackages();
buildPages(root);

const running = Array.from({ length: hogs }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
process.on('exit', () => {
  for (const hog of running) hog.kill('SIGKILL');
});
for (const file of files) {
  let passed = 0;
  for (let time = 1; time <= times; time += 1) {
    const failures = failuresIn(await runFile(root, file, SILENCE_MS));
    if (failures.length === 0) passed += 1;
    for (const failure of failures) console.error(`${file}, run ${time}: ${failure}`);
  }
  console.log(`${file}: passed ${passed} of ${times} runs`);
  if (passed < times) process.exitCode = 1;
}
for (const hog of running) hog.kill('SIGKILL');
