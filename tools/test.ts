import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { spec } from 'node:test/reporters';
import { scaledStorm } from '../test/harness/storm.ts';
import { installSystemPackages } from '../test/harness/system-packages.ts';
import { linkPackages } from './link-packages.ts';
import { runFile } from './suite/run-file.ts';
import { runFiles } from './suite/run-files.ts';
import { inOrder } from './suite/test-files.ts';
import { buildPages } from './web/pages.ts';

/**
 * Runs every test and prints one total. The unit tests of several packages share a process (`test/unit`), because
 * separate processes would cost more than the tests. Scenes have one process each. Most of them wait for real peers most
 * of the time, so two of them share a core.
 *
 * `npm test -- <words>` runs only the files below `test` whose path contains one of the words.
 */
const root = join(import.meta.dirname, '..');
linkPackages(root);
installSystemPackages();
buildPages(root);
const args = process.argv.slice(2);
const wanted = (file: string) => args.length === 0 || args.some((word) => file.includes(word));
const files = globSync('test/**/*.test.ts', { cwd: root }).filter(wanted);

/** Set by CI. There a skipped test would be mistaken for a passed one. */
const inCi = process.env['CI'] !== undefined && process.env['CI'] !== 'false';

/**
 * Maximum silence of a file. The longest tests take two minutes on a slow machine, and a soak half an hour at full
 * length.
 */
const silenceMs = scaledStorm(3_600_000, 300_000);

const events = new PassThrough({ objectMode: true });
events.compose(spec).pipe(process.stdout);
await runFiles(inOrder(files), {
  cores: availableParallelism(),
  runFile: (file) => runFile(root, file, silenceMs),
  report(event) {
    events.write(event);
    if (event.type === 'test:fail') process.exitCode = 1;
    const { name, file, skip, todo } = event.data;
    if (!inCi || event.type !== 'test:pass' || (skip === undefined && todo === undefined)) return;
    console.error(`not run, which in CI is a failure: ${name} (${file})`);
    process.exitCode = 1;
  },
});
events.end();
