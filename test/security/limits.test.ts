import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');
const KINDS = ['quota', 'source', 'one', 'cache', 'own', 'shared'];

/** Constants that bound something by their names. */
const LIMIT = /^(?:export )?const ((?:[A-Z0-9]+_)*(?:MAX|MOST|CAPACITY|KEPT)(?:_[A-Z0-9]+)*)\b/gm;
/** Those of them that bound a size, a time or a form, and no number of things. */
const SIZE =
  /_(?:LENGTH|DEPTH|OCTETS|BYTES|CHARS?|CHARACTERS|LETTERS|MS|SEC|NS|SECONDS|PORT|TEXT|NAME|LABEL|ID|URL|LINE|MB|LEVELS|HOPS|TRIES|ATTEMPTS|NAMED|SHOWN|TOLD|LISTED|COMPARED|SEVERITY|BITS|THRESHOLD)$/;
/** Sources of the gateway and of what it is made of. */
const IS_SOURCE = /^packages\/(?!programs\/|base\/contract\/)(?!.*(?:node_modules|\/testing\/|\.test\.ts$|\.d\.ts$))/;

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const sources = globSync('packages/**/src/**/*.ts', { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => IS_SOURCE.test(path))
  .sort();

const listed = textOf('test/security/limits.txt')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [entry = '', reason = ''] = line.split(' # ');
    const [kind = '', path = '', name = ''] = entry.split(/ +/);
    return { kind, path, name, reason };
  });

it('every named limit is listed with what keeps one source from using all of it', () => {
  const found = sources.flatMap((path) =>
    [...textOf(path).matchAll(LIMIT)]
      .map(([, name = '']) => name)
      .filter((name) => !SIZE.test(name))
      .map((name) => `${path.slice('packages/'.length)} ${name}`),
  );
  const known = listed.map(({ path, name }) => `${path} ${name}`);
  const hint = 'add it to test/security/limits.txt; what clients, nodes, peers, brokers or PLCs fill takes a Quota';
  assert.deepEqual(
    found.filter((each) => !known.includes(each)),
    [],
    hint,
  );
  assert.deepEqual(
    known.filter((each) => !found.includes(each)),
    [],
    'remove what is gone from test/security/limits.txt',
  );
  for (const { kind, path, reason } of listed) {
    assert.ok(KINDS.includes(kind), `${path}: ${kind}`);
    assert.equal(
      ['quota', 'shared'].includes(kind),
      reason !== '',
      `${path}: a quota names its test, a shared limit why`,
    );
    if (kind === 'quota') assert.ok(existsSync(join(ROOT, 'packages', reason)), `${path}: ${reason}`);
  }
});

it('every quota is shown in /health by its package', () => {
  const packageOf = (path: string): string => path.slice(0, path.indexOf('/src/'));
  const shown = new Set(
    sources
      .filter((path) => /quotaBlock\(|quotas: \{|x-medkit-quotas|quota: this\.#figures/.test(textOf(path)))
      .map(packageOf),
  );
  // The gateway or the runtime shows these, or the package counts what it refuses in a block of its own.
  for (const shownAbove of [
    'packages/base/edges',
    'packages/resources/accounts',
    'packages/resources/incidents',
    'packages/runtimes/peer',
    'packages/wire/ingest',
    'packages/wire/ros2',
  ])
    shown.add(shownAbove);
  const having = sources.filter((path) => /new (?:Quota|OwnedMap)\b/.test(textOf(path))).map(packageOf);
  assert.deepEqual(
    [...new Set(having)].filter((each) => !shown.has(each)),
    [],
  );
});
