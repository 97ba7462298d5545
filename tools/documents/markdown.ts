import { Lexer, type Token, type Tokens, walkTokens } from 'marked';

export interface Heading {
  readonly depth: number;
  readonly text: string;
  /** What a link to it ends with, as GitHub makes it. */
  readonly anchor: string;
}

/** A Markdown text taken apart, as GitHub reads it. */
export function tokensOf(markdown: string): Token[] {
  return new Lexer({ gfm: true }).lex(markdown);
}

/** The words of inline tokens, without their form. */
export function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if ('tokens' in token && token.tokens !== undefined) return plainText(token.tokens);
      if (token.type === 'br') return ' ';
      return token.type !== 'html' && 'text' in token ? token.text : '';
    })
    .join('');
}

/** The headings of a text in their order; of two that are the same the second gets a number. */
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

/** Where the links and pictures of a text lead to. */
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
