import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headingsOf, tokensOf } from '../documents/markdown.ts';
import { addressOf, CONTENTS, contentsOf } from './contents.ts';
import { pageHtml } from './page.ts';
import { pictureAddress, type RenderContext, renderMarkdown } from './render-markdown.ts';
import { sectionsOf } from './search-index.ts';

const ASSETS = ['site.css', 'site.js'];

/**
 * Builds every file of the site from the Markdown files of the repository at `root`, by address. Throws `BrokenLink`.
 */
export function buildSite(root: string): ReadonlyMap<string, string | Uint8Array> {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const contents = contentsOf(read(CONTENTS));
  const texts = new Map([
    ...contents.flatMap(({ entries }) => entries.map(({ source }) => [source, read(source)] as const)),
    [CONTENTS, read(CONTENTS)] as const,
  ]);
  const headings = new Map([...texts].map(([source, text]) => [source, headingsOf(tokensOf(text))]));
  const surroundings: RenderContext = {
    pages: new Set(texts.keys()),
    titleOf: (source) => headings.get(source)?.[0]?.text ?? source,
    anchorsOf: (source) => new Set(headings.get(source)?.map(({ anchor }) => anchor)),
    exists: (path) => existsSync(join(root, path)),
  };

  const files = new Map<string, string | Uint8Array>();
  for (const [source, text] of texts) {
    const { pictures, ...page } = renderMarkdown(source, text, surroundings);
    const address = addressOf(source);
    files.set(address, pageHtml({ ...page, address, contents, source }));
    for (const picture of pictures) files.set(pictureAddress(picture), readFileSync(join(root, picture)));
  }
  const sections = [...texts].flatMap(([source, text]) => sectionsOf(addressOf(source), text));
  // A script instead of JSON: a page opened from a file cannot load any other kind of file.
  files.set('search-index.js', `globalThis.searchIndex = ${JSON.stringify(sections)};\n`);
  for (const asset of ASSETS) files.set(asset, readFileSync(join(import.meta.dirname, 'assets', asset), 'utf8'));
  return files;
}
