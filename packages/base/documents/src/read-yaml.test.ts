import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entryOf, type Located, toPlainData } from './located.ts';
import { DocumentRefused } from './notice.ts';
import { readYaml } from './read-yaml.ts';

function linesOf(text: string): readonly string[] {
  try {
    readYaml(text, 'robot.yaml');
  } catch (error) {
    if (error instanceof DocumentRefused) return error.lines;
    throw error;
  }
  return [];
}

const below = (located: Located, name: string) => (located.kind === 'map' ? entryOf(located, name) : undefined);

describe('YAML with places', () => {
  it('returns the line of every part, and the text of every value as written', () => {
    const root = readYaml('version: 1.10\napps:\n  - id: lidar\n    on: yes\n', 'robot.yaml');
    assert.deepEqual(below(root, 'version'), { kind: 'value', at: 'robot.yaml:1', value: 1.1, text: '1.10' });
    const apps = below(root, 'apps');
    assert.equal(apps?.kind === 'list' && apps.items[0]?.at, 'robot.yaml:3');
    const [app] = apps?.kind === 'list' ? apps.items : [];
    assert.deepEqual(app && below(app, 'on'), { kind: 'value', at: 'robot.yaml:4', value: 'yes', text: 'yes' });
  });

  it('has an empty value if nothing is written', () => {
    assert.deepEqual(readYaml('', 'robot.yaml'), { kind: 'value', at: 'robot.yaml', value: null, text: '' });
  });

  it('resolves an alias to its anchor', () => {
    const root = readYaml('base: &base {tags: [a]}\nother: *base\n', 'robot.yaml');
    const other = below(root, 'other');
    assert.equal(other?.kind === 'map' && other.entries[0]?.name, 'tags');
  });

  it('inserts the entries of merge keys, unless the section has them itself', () => {
    const root = readYaml(
      'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: *a, y: 3}\nd: {<<: [*b, *a], w: 4}\n',
      'robot.yaml',
    );
    assert.deepEqual(toPlainData(below(root, 'c') as Located), { y: 3, x: 1 });
    assert.deepEqual(toPlainData(below(root, 'd') as Located), { w: 4, y: 2, z: 2, x: 1 });
    const quoted = readYaml('a: {"<<": 1}', 'robot.yaml');
    assert.deepEqual(toPlainData(below(quoted, 'a') as Located), { '<<': 1 });
  });

  it('rejects a merge key that refers to no section, with the line', () => {
    const refused = 'robot.yaml:2: the merge key << takes a section, or a list of sections';
    assert.deepEqual(linesOf('a: &a 1\nb: {<<: *a}'), [refused]);
    assert.deepEqual(linesOf('a: &a {x: 1}\nb: {<<: [*a, 2]}'), [refused]);
  });

  it('marks quoted texts', () => {
    const root = readYaml('plain: on\nquoted: "on"\n', 'robot.yaml');
    assert.deepEqual(below(root, 'plain'), { kind: 'value', at: 'robot.yaml:1', value: 'on', text: 'on' });
    const quoted = { kind: 'value', at: 'robot.yaml:2', value: 'on', text: 'on', isQuoted: true };
    assert.deepEqual(below(root, 'quoted'), quoted);
  });

  it('rejects invalid YAML, with the line', () => {
    assert.match(linesOf('a: 1\nb: [')[0] ?? '', /^robot\.yaml:2: /);
    assert.match(linesOf('a: 1\na: 2')[0] ?? '', /^robot\.yaml:2: .*unique/);
  });

  it('rejects aliases that grow without bound or refer to themselves', () => {
    const levels = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`)}]`);
    assert.match(linesOf(`l0: &l0 x\n${levels.join('\n')}`)[0] ?? '', /more than \d+ parts/);
    assert.match(linesOf('a: &a [*a]')[0] ?? '', /levels|parts/);
  });

  it('rejects documents that are too deep or too long', () => {
    assert.match(linesOf(`${'['.repeat(40)}${']'.repeat(40)}`)[0] ?? '', /levels/);
    assert.match(linesOf('#'.repeat(1_048_577))[0] ?? '', /characters/);
  });
});
