import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Finding, findAvoided } from './find-avoided.ts';

const root = join(import.meta.dirname, '..', '..');

/** Files that quote the avoided words. */
const EXEMPT = /^tools\/language\//;
const READ = /\.(?:tsx?|md)$/;

const describeFinding = ({ path, text, word, instead }: Finding): string =>
  `${path}: "${word}" in "${text}". Write instead: ${instead}`;

describe('an avoided word', () => {
  const wordsIn = (path: string, content: string): readonly string[] =>
    findAvoided(path, content).map(({ word }) => word);

  it('is found in comments, test names, prose and file names', () => {
    assert.deepEqual(wordsIn('a.ts', '/** Whoever asks is told. */'), ['told', 'Whoever']);
    assert.deepEqual(wordsIn('a.ts', 'return x; // as they are'), ['as they are']);
    assert.deepEqual(wordsIn('a.test.ts', "it('is told of it', () => {"), ['told']);
    assert.deepEqual(wordsIn('a.md', 'Nobody hears of it.'), ['Nobody', 'hears']);
    assert.deepEqual(wordsIn('told-values.ts', ''), ['told']);
  });

  it('is found in messages and declared names', () => {
    assert.deepEqual(wordsIn('a.ts', "throw new Error('nobody answers here')"), ['nobody']);
    assert.deepEqual(wordsIn('a.ts', 'log(`the client is told of it`)'), ['told']);
    assert.deepEqual(wordsIn('a.ts', 'export const MAX_KEPT = 3;\ninterface ToldEvent {}'), ['kept', 'told']);
  });

  it('is not found in keys, fields of JSON, replies that a test quotes, quotes and code blocks', () => {
    assert.deepEqual(wordsIn('a.ts', "const key = 'told'; // the field `told`"), []);
    assert.deepEqual(wordsIn('a.ts', 'readonly told_total: number'), []);
    assert.deepEqual(wordsIn('a.test.ts', "equal(reply, 'nobody answers here')"), []);
    assert.deepEqual(wordsIn('a.md', 'The field `told`.\n\n```\ntold\n```\n'), []);
  });

  it('is not found in a folder whose protocol uses it', () => {
    assert.deepEqual(wordsIn('packages/wire/rtps/src/a.ts', '// 12 octets'), []);
    assert.deepEqual(wordsIn('packages/core/src/a.ts', '// 12 octets'), ['octets']);
  });
});

describe('the texts of the project', () => {
  const paths = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => READ.test(path) && !EXEMPT.test(path));

  it('contain no avoided word', () => {
    const findings = paths.flatMap((path) => findAvoided(path, readFileSync(join(root, path), 'utf8')));
    assert.deepEqual(findings.map(describeFinding), []);
  });
});
