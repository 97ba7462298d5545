import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { GENERATED, render } from './generated.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

for (const document of GENERATED) {
  test(`${document.path}${document.section ? ` (${document.section})` : ''} agrees with the code`, async () => {
    const present = read(document.path);
    assert.equal(present, await render(document, present), `${document.path} is out of date: run "npm run docs"`);
  });
}

const pages = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root });

test('every file that a document links to or names exists', () => {
  for (const page of pages) {
    const text = read(page);
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) =>
      join(dirname(page), match[1]),
    );
    const named = [...text.matchAll(/`((?:packages|tools|docs|test|examples|benchmarks)\/[\w./-]+)`/g)].map(
      (match) => match[1],
    );
    for (const path of [...links, ...named])
      assert.ok(existsSync(join(root, path)), `${page} names ${path}, which is not there`);
  }
});

test('every npm script that a document names exists', () => {
  const packages = ['package.json', 'examples/custom-plugin/package.json'];
  const scripts = Object.assign({}, ...packages.map((path) => JSON.parse(read(path)).scripts));
  for (const page of pages) {
    for (const [, name] of read(page).matchAll(/npm run ([\w-]+)/g)) {
      assert.ok(name in scripts, `${page} names "npm run ${name}", which no package.json has`);
    }
  }
});
