import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { spec } from 'node:test/reporters';
import { ofStorm } from '../test/harness/storm.ts';
import { installSystemPackages } from '../test/harness/system-packages.ts';
import { linkPackages } from './link-packages.ts';
import { runFile } from './suite/run-file.ts';
import { runFiles } from './suite/run-files.ts';
import { inOrder } from './suite/test-files.ts';
import { buildPages } from './web/pages.ts';

/**
 * Runs every test, with one total at the end. The unit tests of all packages share a process (`tools/unit-tests.test.ts`): a
 * process each would cost more than the tests do. Scenes have one each; as most of them wait for real peers most of their time,
 * two of them share a core.
 *
 * `npm test -- <words>` runs only the scenes whose path contains one of the words; `unit` stands for the unit tests.
 */
const root = join(import.meta.dirname, '..');
linkPackages(root);
installSystemPackages();
buildPages(root);
const words = process.argv.slice(2);
const wanted = (file: string) => words.length === 0 || words.some((word) => file.includes(word));
const scenes = globSync('test/**/*.test.ts', { cwd: root }).filter(wanted);
const units = wanted('unit') ? ['tools/unit-tests.test.ts'] : [];

/** What CI sets: there a test that was not run, for whatever reason, would be taken for one that passed. */
const inCi = process.env['CI'] !== undefined && process.env['CI'] !== 'false';

/** Without a word of a file: its longest tests take two minutes where the machine is slow, and a soak half an hour at full length. */
const silenceMs = ofStorm(3_600_000, 300_000);

const events = new PassThrough({ objectMode: true });
events.compose(spec).pipe(process.stdout);
await runFiles(inOrder([...units, ...scenes]), {
  cores: availableParallelism(),
  runFile: (file) => runFile(root, file, silenceMs),
  tell(event) {
    events.write(event);
    if (event.type === 'test:fail') process.exitCode = 1;
    const { name, file, skip, todo } = event.data;
    if (!inCi || event.type !== 'test:pass' || (skip === undefined && todo === undefined)) return;
    console.error(`not run, which in CI is a failure: ${name} (${file})`);
    process.exitCode = 1;
  },
});
events.end();
