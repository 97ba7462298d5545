import type { TestFile } from './test-files.ts';
import { scheduleWork } from './work-scheduler.ts';

/** An event of node:test. Node's types contain only the names of the event kinds. */
export interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly file?: string;
    /** For the event of a test. */
    readonly name?: string;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    /** For a summary. */
    readonly counts?: Readonly<Record<string, number>>;
    /** For a diagnostic. */
    readonly message?: string;
    readonly nesting?: number;
    readonly level?: string;
    /** For a test that has ended. */
    readonly details?: { readonly error?: Error };
  };
}

const SLOWEST = 12;
/**
 * Maximum number of failed files that are run again. If more fail, load from files that ran at the same time is not the
 * cause.
 */
const MAX_AGAIN = 6;
/** Totals that node:test counts, with the names that its reporters use. */
const COUNTED = {
  tests: 'tests',
  suites: 'suites',
  pass: 'passed',
  fail: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  todo: 'todo',
} as const;

/** Result of the tests of a file. */
export interface FileOutcome {
  readonly file: string;
  /** Events of the tests, in the order reported. */
  readonly events: readonly TestEvent[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface RunFilesOptions {
  readonly cores: number;
  readonly runFile: (file: string) => Promise<FileOutcome>;
  readonly report: (event: TestEvent) => void;
}

const diagnostic = (message: string, level = 'info'): TestEvent => ({
  type: 'test:diagnostic',
  data: { nesting: 0, message, level },
});

const hasFailed = ({ events }: FileOutcome): boolean => events.some(({ type }) => type === 'test:fail');

/** Returns the name of each failed test of a file with the reason, and the seeds of the file; empty if none failed. */
export function failuresIn(outcome: FileOutcome): readonly string[] {
  if (!hasFailed(outcome)) return [];
  return outcome.events.flatMap(({ type, data }) => {
    if (type === 'test:fail') return [`${data.name}: ${reasonIn(data)}`];
    return type === 'test:diagnostic' && /SEED/.test(data.message ?? '') ? [`${data.message}`] : [];
  });
}

/**
 * Runs as many files concurrently as there is room for. Reports each when it has ended; at the end reports the slowest
 * files and one total, as node:test does after one run.
 *
 * A file that fails is run again, alone, after all others. If it then passes, the cause was load or a rare condition.
 * Both results are reported, the first failure included; only a second failure counts as failed.
 */
export async function runFiles(files: readonly TestFile[], { cores, runFile, report }: RunFilesOptions): Promise<void> {
  const startedMs = performance.now();
  const total: Record<string, number> = {};
  const durations: { readonly file: string; readonly sec: number }[] = [];
  const failed: FileOutcome[] = [];
  const timed = async (file: string): Promise<FileOutcome> => {
    const beganMs = performance.now();
    const outcome = await runFile(file);
    durations.push({ file, sec: (performance.now() - beganMs) / 1000 });
    return outcome;
  };
  const count = ({ events, counts }: FileOutcome): void => {
    for (const [name, times] of Object.entries(counts)) total[name] = (total[name] ?? 0) + times;
    for (const event of events) report(event);
  };
  await scheduleWork(files, cores, async ({ file }) => {
    const outcome = await timed(file);
    if (hasFailed(outcome)) failed.push(outcome);
    else count(outcome);
  });
  for (const first of failed) count(failed.length > MAX_AGAIN ? first : await again(first));
  durations.sort((one, other) => other.sec - one.sec);
  for (const { file, sec } of durations.slice(0, SLOWEST)) report(diagnostic(`${sec.toFixed(0)} s ${file}`));
  for (const [label, name] of Object.entries(COUNTED)) report(diagnostic(`${label} ${total[name] ?? 0}`));
  report(diagnostic(`duration_ms ${performance.now() - startedMs}`));

  async function again(first: FileOutcome): Promise<FileOutcome> {
    const second = await timed(first.file);
    const became = hasFailed(second) ? 'and alone again' : 'and passed alone';
    for (const failure of failuresIn(first)) {
      report(diagnostic(`failed beside others ${became}: ${first.file}: ${failure}`, 'warn'));
    }
    return second;
  }
}

function reasonIn({ details }: TestEvent['data']): string {
  const { error } = details ?? {};
  const reason = error?.cause ?? error;
  return chainOf(reason);
}

/** Returns the message of an error with those of its causes. */
function chainOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = `${error.name}: ${error.message}`;
  return error.cause === undefined ? message : `${message}, because ${chainOf(error.cause)}`;
}
