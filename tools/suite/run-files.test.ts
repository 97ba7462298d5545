import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FileOutcome, runFiles, type TestEvent } from './run-files.ts';

/** Returns the report for files of one test each that fail the given number of times. */
async function outcomeOf(fails: Readonly<Record<string, number>>) {
  const runs: string[] = [];
  const events: TestEvent[] = [];
  const runFile = async (file: string): Promise<FileOutcome> => {
    const before = runs.filter((other) => other === file).length;
    runs.push(file);
    const isFailed = before < (fails[file] ?? 0);
    const details = isFailed
      ? { details: { error: new Error('wrapped', { cause: new TypeError('late', { cause: new Error('busy') }) }) } }
      : {};
    return {
      file,
      events: [{ type: isFailed ? 'test:fail' : 'test:pass', data: { file, name: `of ${file}`, ...details } }],
      counts: { tests: 1, passed: isFailed ? 0 : 1, failed: isFailed ? 1 : 0 },
    };
  };
  const files = Object.keys(fails).map((file) => ({ file, cores: 1 }));
  await runFiles(files, { cores: 1, runFile, report: (event) => events.push(event) });
  const lines = events.flatMap(({ type, data }) => (type === 'test:diagnostic' ? [data.message ?? ''] : []));
  const results = events.flatMap(({ type, data }) => (type === 'test:diagnostic' ? [] : [`${type} ${data.file}`]));
  const total = (name: string) => lines.find((line) => line.startsWith(`${name} `));
  return { runs, results, again: lines.filter((line) => line.startsWith('failed ')), total };
}

describe('a run of test files', () => {
  it('has one total of all', async () => {
    const { runs, results, again, total } = await outcomeOf({ a: 0, b: 0 });
    assert.deepEqual([runs, again], [['a', 'b'], []]);
    assert.deepEqual(results, ['test:pass a', 'test:pass b']);
    assert.deepEqual([total('tests'), total('pass'), total('fail')], ['tests 2', 'pass 2', 'fail 0']);
  });

  it('repeats failed files once after all others, and reports the first failure', async () => {
    const { runs, results, again, total } = await outcomeOf({ a: 1, b: 0 });
    assert.deepEqual(runs, ['a', 'b', 'a']);
    assert.deepEqual(results, ['test:pass b', 'test:pass a']);
    assert.deepEqual(again, ['failed beside others and passed alone: a: of a: TypeError: late, because Error: busy']);
    assert.deepEqual([total('tests'), total('fail')], ['tests 2', 'fail 0']);
  });

  it('has failed if a file fails again', async () => {
    const { runs, results, again, total } = await outcomeOf({ a: 2, b: 0 });
    assert.deepEqual(runs, ['a', 'b', 'a']);
    assert.deepEqual(results, ['test:pass b', 'test:fail a']);
    assert.deepEqual(again, ['failed beside others and alone again: a: of a: TypeError: late, because Error: busy']);
    assert.deepEqual([total('tests'), total('fail')], ['tests 2', 'fail 1']);
  });

  it('repeats nothing if more than six files have failed', async () => {
    const { runs, again, total } = await outcomeOf({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 });
    assert.deepEqual([runs, again], [['a', 'b', 'c', 'd', 'e', 'f', 'g'], []]);
    assert.equal(total('fail'), 'fail 7');
  });
});
