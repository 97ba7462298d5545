import type { Token } from 'marked';
import { headingsOf, plainText, tokensOf } from '../documents/markdown.ts';

/** A section of a page in the search index. Names are short because every reader's browser loads all of them. */
export interface IndexedSection {
  /** Address of the page, and the anchor in it. */
  readonly at: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** Returns the sections of a page with their text, each under its own heading. */
export function sectionsOf(address: string, markdown: string): readonly IndexedSection[] {
  const tokens = tokensOf(markdown);
  const headings = headingsOf(tokens);
  const page = headings[0]?.text ?? address;
  const sections: { at: string; page: string; heading: string; text: string }[] = [];
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { text: heading, anchor } = headings[sections.length] ?? { text: page, anchor: '' };
      sections.push({ at: sections.length === 0 ? address : `${address}#${anchor}`, page, heading, text: '' });
      continue;
    }
    const section = sections.at(-1);
    if (section !== undefined) section.text = `${section.text} ${textOf(token)}`.replaceAll(/\s+/g, ' ').trim();
  }
  return sections;
}

/** JSON examples repeat the surrounding text. */
function textOf(token: Token): string {
  if (token.type === 'code') return token.lang === 'json' ? '' : token.text;
  if (token.type === 'table') {
    return [token.header, ...token.rows].map((row) => row.map(cellText).join(' ')).join(' ');
  }
  if (token.type === 'list') {
    return token.items.map(({ tokens }: { tokens: Token[] }) => tokens.map(textOf).join(' ')).join(' ');
  }
  return plainText([token]);
}

function cellText({ tokens }: { readonly tokens: Token[] }): string {
  return plainText(tokens);
}
