import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { buildSite } from './build-site.ts';
import { addressOf, CONTENTS, contentsOf, relativePath } from './contents.ts';
import { BrokenLink, type RenderContext, renderMarkdown } from './render-markdown.ts';
import { sectionsOf } from './search-index.ts';

const root = join(import.meta.dirname, '..', '..');
const files = buildSite(root);
const htmlFiles = [...files].flatMap(([address, content]) =>
  address.endsWith('.html') ? [[address, String(content)] as const] : [],
);

const SURROUNDINGS: RenderContext = {
  pages: new Set(['docs/a.md', 'docs/guides/b.md']),
  titleOf: (source) => `Title of ${source}`,
  anchorsOf: () => new Set(['there']),
  exists: (path) => ['docs/a.md', 'docs/guides/b.md', 'docs/c.svg', 'examples/d.ts'].includes(path),
};
const rendered = (markdown: string) => renderMarkdown('docs/guides/b.md', markdown, SURROUNDINGS).html;

test('every document has a page, and its place in the contents', () => {
  for (const source of globSync('docs/**/*.md', { cwd: root })) {
    assert.ok(files.has(addressOf(source)), `${source} is missing in ${CONTENTS}`);
  }
});

test('every link, picture, style and script of a page exists, and none is on another host', () => {
  const ids = new Map(
    htmlFiles.map(([address, html]) => [address, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  );
  for (const [address, html] of htmlFiles) {
    for (const [, name, target = ''] of html.matchAll(/ (href|src)="([^"]*)"/g)) {
      if (/^(?:https?:|mailto:)/.test(target)) assert.equal(name, 'href', `${address} loads ${target}`);
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? address : posix.join(posix.dirname(address), path);
      assert.ok(files.has(file), `${address} leads to ${target}`);
      if (anchor) assert.ok(ids.get(file)?.has(anchor), `${address} leads to ${target}`);
    }
    const anchors = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(anchors).size, anchors.length, `${address} has each id once`);
  }
});

test('a picture has its bytes', () => {
  const picture = readFileSync(join(root, 'docs', 'pictures', 'incident.webp'));
  assert.deepEqual(Buffer.from(files.get('pictures/incident.webp')!), picture);
});

test('links are rewritten, also up and down, and files that are no pages are no links', () => {
  assert.match(rendered('[x](../a.md#there)'), /<a href="\.\.\/a\.html#there">x<\/a>/);
  assert.match(rendered('[x](#there)'), /<a href="#there">/);
  assert.match(rendered('[x](../../examples/d.ts)'), /<span class="file"[^>]*>x<\/span>/);
  assert.match(rendered('![c](../c.svg)'), /<img src="\.\.\/pictures\/c\.svg" alt="c">/);
  assert.equal(relativePath('index.html', 'guides/b.html'), 'guides/b.html');
});

test('a link with the file name as its text gets the title of the page', () => {
  assert.match(rendered('[a.md](../a.md), [of it](../a.md)'), /html">Title of docs\/a\.md<\/a>, <a [^>]*>of it</);
});

test('a link that leads nowhere is refused', () => {
  for (const link of ['[x](../missing.md)', '[x](../a.md#missing)', '[x](#missing)', '![x](../missing.svg)']) {
    assert.throws(() => rendered(link), BrokenLink, link);
  }
});

test('other text stays unchanged', () => {
  assert.match(
    rendered('```sh\ncurl "$API/a?b=1&c" # <id>\n```'),
    /curl &quot;\$API\/a\?b=1&amp;c&quot; <span class="comment"># &lt;id&gt;<\/span>/,
  );
  assert.match(rendered('`<id>`'), /<code>&lt;id&gt;<\/code>/);
  assert.doesNotMatch(rendered('<!-- not run: because -->\n```sh\nls\n```'), /because/);
});

test('a table with an empty header row has no header', () => {
  assert.doesNotMatch(rendered('| | |\n| --- | --- |\n| a | b |'), /<th/);
  assert.match(rendered('| a |\n| --- |\n| b |'), /<th>a<\/th>/);
});

test('the search knows every section by its words, tables and lists included, and no JSON', () => {
  const text =
    '# Page\n\nFirst.\n\n## Two\n\n| a | b |\n| --- | --- |\n| `c` | **d** |\n\n- e\n- f\n\n```json\n{"g": 1}\n```\n';
  assert.deepEqual(sectionsOf('p.html', text), [
    { at: 'p.html', page: 'Page', heading: 'Page', text: 'First.' },
    { at: 'p.html#two', page: 'Page', heading: 'Two', text: 'a b c d e f' },
  ]);
});

test('the contents are sections with their links', () => {
  assert.deepEqual(contentsOf('# C\n\n## One\n\n- [A `b`](a.md): says more\n- [Top](../README.md)\n'), [
    {
      title: 'One',
      entries: [
        { title: 'A b', source: 'docs/a.md' },
        { title: 'Top', source: 'README.md' },
      ],
    },
  ]);
  assert.throws(() => contentsOf('## One\n\n- no link\n'), /no link/);
});
