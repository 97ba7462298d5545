import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { GENERATED, render } from './generated.ts';
import { headingsOf, linksOf, tokensOf } from './markdown.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

for (const document of GENERATED) {
  test(`${document.path}${document.section ? ` (${document.section})` : ''} agrees with the code`, async () => {
    const present = read(document.path);
    assert.equal(present, await render(document, present), `${document.path} is out of date: run "npm run docs"`);
  });
}

const pages = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root });

test('every file, and every section of it, that a document links to exists', () => {
  for (const page of pages) {
    for (const link of linksOf(tokensOf(read(page)))) {
      if (/^(?:https?|mailto):/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      assert.ok(existsSync(join(root, target)), `${page} links to ${target}, which is not there`);
      if (anchor === undefined) continue;
      const anchors = headingsOf(tokensOf(read(target))).map((heading) => heading.anchor);
      assert.ok(anchors.includes(anchor), `${page} links to ${link}, but there are ${anchors.join(', ')}`);
    }
  }
});

test('every file of the repository that a document names exists', () => {
  for (const page of pages) {
    const named = read(page).matchAll(/`((?:packages|tools|docs|test|examples|benchmarks)\/[\w./-]+)`/g);
    for (const [, path] of named) assert.ok(existsSync(join(root, path)), `${page} names ${path}, which is not there`);
  }
});

test('every npm script that a document names exists', () => {
  const packages = ['package.json', 'examples/custom-plugin/package.json', 'examples/container-runner/package.json'];
  const scripts = Object.assign({}, ...packages.map((path) => JSON.parse(read(path)).scripts));
  for (const page of pages) {
    for (const [, name] of read(page).matchAll(/npm run ([\w-]+)/g)) {
      assert.ok(name in scripts, `${page} names "npm run ${name}", which no package.json has`);
    }
  }
});
