import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import type { FileOutcome, TestEvent } from './run-files.ts';

/**
 * Runs a test file below `root` in a separate process. If the file reports nothing for `silenceMs`, it has failed, and
 * is killed with all its child processes. Otherwise node:test would wait forever for a process that an open handle
 * keeps alive, for example one that a failed test did not close. The failure names the tests that were running, or says
 * that all had ended.
 */
export async function runFile(root: string, file: string, silenceMs: number): Promise<FileOutcome> {
  const reported: TestEvent[] = [];
  let counts: FileOutcome['counts'] = {};
  const open = new Set<string>();
  const silence = new AbortController();
  const path = join(root, file);
  const timer = setTimeout(() => {
    const tests = open.size === 0 ? 'all its tests were over' : `under way: ${[...open].join(', ')}`;
    const ended = endWithChildren(path);
    silence.abort(new Error(`no output for ${silenceMs / 1000} s, ${tests}; ended: ${ended.join(' · ')}`));
  }, silenceMs);
  const events: AsyncIterable<TestEvent> = run({
    cwd: root,
    files: [path],
    signal: silence.signal,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    for await (const event of events) {
      timer.refresh();
      const { name, nesting } = event.data;
      const test = `${'> '.repeat(nesting ?? 0)}${name}`;
      if (event.type === 'test:dequeue' && name !== path) open.add(test);
      if (event.type === 'test:complete') open.delete(test);
      // Events of the run, not of a test: they count towards the total.
      const ofRun = event.data.file === undefined;
      if (ofRun && event.type === 'test:summary') counts = event.data.counts ?? {};
      else if (!(ofRun && event.type === 'test:diagnostic')) reported.push(event);
    }
  } finally {
    clearTimeout(timer);
  }
  return { file, events: reported, counts };
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly args: readonly string[];
}

/**
 * Kills the process of the file and all its descendants. Returns what they were; empty if the machine has no `/proc`.
 */
function endWithChildren(path: string): readonly string[] {
  const running = existsSync('/proc/self/stat') ? readdirSync('/proc').flatMap(processOf) : [];
  const below = (parent: number): readonly RunningProcess[] =>
    running.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return running
    .filter(({ parent, args }) => parent === process.pid && args.at(-1) === path)
    .flatMap((each) => [each, ...below(each.pid)])
    .flatMap(({ pid, args }) => (end(pid) ? [`${pid} ${args.slice(-2).join(' ')}`] : []));
}

/** Returns nothing if the name is not the id of a running process. */
function processOf(name: string): readonly RunningProcess[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    const [, parent] = /^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
    const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return [{ pid: Number(name), parent: Number(parent), args }];
  } catch {
    return [];
  }
}

function end(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
