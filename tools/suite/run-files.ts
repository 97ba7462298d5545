import { join } from 'node:path';
import { run } from 'node:test';
import { inTurn } from './in-turn.ts';
import type { TestFile } from './test-files.ts';

/** What node:test tells of a run; the types of Node have the names of its kinds alone. */
export interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly file?: string;
    /** Of the event of a test. */
    readonly name?: string;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    /** Of a summary. */
    readonly counts?: Readonly<Record<string, number>>;
    /** Of a diagnostic. */
    readonly message?: string;
    readonly nesting?: number;
    readonly level?: string;
  };
}

/** Of a file: the unit tests of all packages are the longest one. */
const TIMEOUT_MS = 900_000;
const SLOWEST = 12;
/** What a total of node:test counts, by the names that its reporters give it. */
const COUNTED = {
  tests: 'tests',
  suites: 'suites',
  pass: 'passed',
  fail: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  todo: 'todo',
} as const;

const diagnostic = (message: string): TestEvent => ({
  type: 'test:diagnostic',
  data: { nesting: 0, message, level: 'info' },
});

/**
 * Runs each file in a process of its own, as many at once as there is room for. Tells of each when it has ended, and at the end
 * which took longest and one total of all, as node:test would after one run.
 */
export async function runFiles(
  files: readonly TestFile[],
  { root, cores, tell }: { readonly root: string; readonly cores: number; readonly tell: (event: TestEvent) => void },
): Promise<void> {
  const startedMs = performance.now();
  const total: Record<string, number> = {};
  const durations: { readonly file: string; readonly sec: number }[] = [];
  await inTurn(files, cores, async ({ file }) => {
    const beganMs = performance.now();
    const told: TestEvent[] = [];
    const events: AsyncIterable<TestEvent> = run({
      cwd: root,
      files: [join(root, file)],
      timeout: TIMEOUT_MS,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    for await (const event of events) {
      // Of the run, not of a test: they go into the total.
      const ofRun = event.data.file === undefined;
      if (ofRun && event.type === 'test:summary') {
        for (const [name, count] of Object.entries(event.data.counts ?? {})) total[name] = (total[name] ?? 0) + count;
      } else if (!(ofRun && event.type === 'test:diagnostic')) {
        told.push(event);
      }
    }
    durations.push({ file, sec: (performance.now() - beganMs) / 1000 });
    for (const event of told) tell(event);
  });
  durations.sort((one, other) => other.sec - one.sec);
  for (const { file, sec } of durations.slice(0, SLOWEST)) tell(diagnostic(`${sec.toFixed(0)} s ${file}`));
  for (const [shown, name] of Object.entries(COUNTED)) tell(diagnostic(`${shown} ${total[name] ?? 0}`));
  tell(diagnostic(`duration_ms ${performance.now() - startedMs}`));
}
