import { Lexer, type Token, type Tokens, walkTokens } from 'marked';

export interface Heading {
  readonly depth: number;
  readonly text: string;
  /** The fragment of a link to the heading, as GitHub generates it. */
  readonly anchor: string;
}

/** Parses a Markdown text with GitHub's rules. */
export function tokensOf(markdown: string): Token[] {
  return new Lexer({ gfm: true }).lex(markdown);
}

/** Returns the text of inline tokens without markup. */
export function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if ('tokens' in token && token.tokens !== undefined) return plainText(token.tokens);
      if (token.type === 'br') return ' ';
      return token.type !== 'html' && 'text' in token ? token.text : '';
    })
    .join('');
}

/** Returns the headings of a text in order. A repeated heading gets a number in its anchor. */
export function headingsOf(tokens: readonly Token[]): readonly Heading[] {
  const taken = new Map<string, number>();
  return tokens
    .filter((token): token is Tokens.Heading => token.type === 'heading')
    .map(({ depth, tokens: inline }) => {
      const text = plainText(inline);
      const slug = slugOf(text);
      const times = taken.get(slug) ?? 0;
      taken.set(slug, times + 1);
      return { depth, text, anchor: times === 0 ? slug : `${slug}-${times}` };
    });
}

/** Returns the targets of all links and pictures in a text. */
export function linksOf(tokens: Token[]): readonly string[] {
  const links: string[] = [];
  walkTokens(tokens, (token) => {
    if (token.type === 'link' || token.type === 'image') links.push(token.href);
  });
  return links;
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}
