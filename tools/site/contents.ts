import { posix } from 'node:path';
import type { Token, Tokens } from 'marked';
import { plainText, tokensOf } from '../documents/markdown.ts';

/** A page of the site, and its Markdown file relative to the root of the repository. */
export interface ContentsEntry {
  readonly title: string;
  readonly source: string;
}

export interface ContentsSection {
  readonly title: string;
  readonly entries: readonly ContentsEntry[];
}

/** The page that defines the site: the links in its lists, in order, are the navigation. */
export const CONTENTS = 'docs/README.md';

/** Reads the contents: a section per second-level heading, an entry per item of the list below it. */
export function contentsOf(markdown: string): readonly ContentsSection[] {
  const sections: { title: string; entries: ContentsEntry[] }[] = [];
  for (const token of tokensOf(markdown)) {
    if (token.type === 'heading' && token.depth === 2) sections.push({ title: token.text, entries: [] });
    if (token.type !== 'list') continue;
    for (const item of (token as Tokens.List).items) {
      const link = firstLink(item.tokens);
      if (link === undefined) throw new Error(`${CONTENTS}: "${item.text}" has no link`);
      const source = posix.join(posix.dirname(CONTENTS), link.href);
      sections.at(-1)?.entries.push({ title: plainText(link.tokens), source });
    }
  }
  return sections;
}

function firstLink(tokens: readonly Token[]): Tokens.Link | undefined {
  for (const token of tokens) {
    if (token.type === 'link') return token as Tokens.Link;
    const within = 'tokens' in token && token.tokens !== undefined ? firstLink(token.tokens) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}

/** Returns the address of a Markdown file's page in the site: `docs/guides/faults.md` is `guides/faults.html`. */
export function addressOf(source: string): string {
  if (source === 'README.md') return 'index.html';
  if (source === CONTENTS) return 'contents.html';
  return source
    .replace(/^docs\//, '')
    .replace(/\.md$/, '.html')
    .toLowerCase();
}

/** Returns the relative path from one page of the site to another file of it. */
export function relativePath(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to) || posix.basename(to);
}
