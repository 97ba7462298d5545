import { posix } from 'node:path';
import { Marked, type Tokens } from 'marked';
import { type Heading, headingsOf, plainText, tokensOf } from '../documents/markdown.ts';
import { addressOf, relativePath } from './contents.ts';
import { escapeHtml } from './escape-html.ts';

/** Names shorter than this are never broken. */
const BREAKABLE = 16;

/** What the renderer needs to know about other pages and files. */
export interface RenderContext {
  /** Markdown files that are pages. */
  readonly pages: ReadonlySet<string>;
  titleOf(source: string): string;
  /** Returns the anchors of a page. */
  anchorsOf(source: string): ReadonlySet<string>;
  /** Whether the repository has such a file. */
  exists(path: string): boolean;
}

export interface RenderedPage {
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Pictures that the page shows, relative to the root of the repository. */
  readonly pictures: readonly string[];
}

/** A link without a valid target. */
export class BrokenLink extends Error {
  override readonly name = 'BrokenLink';
}

/** Renders the Markdown file `source` to HTML. Throws `BrokenLink`. */
export function renderMarkdown(source: string, markdown: string, surroundings: RenderContext): RenderedPage {
  const tokens = tokensOf(markdown);
  const headings = headingsOf(tokens);
  const address = addressOf(source);
  const pictures: string[] = [];
  const inTree = (path: string) => posix.join(posix.dirname(source), path);
  const anchors = headings.map(({ anchor }) => anchor);

  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens: inline, depth }) {
        const anchor = anchors.shift();
        const html = this.parser.parseInline(inline);
        const mark = depth === 1 ? '' : ` <a class="anchor" href="#${anchor}" aria-label="Link to this section">#</a>`;
        return `<h${depth} id="${anchor}">${html}${mark}</h${depth}>\n`;
      },
      link({ href, tokens: inline }) {
        const html = isNameOf(href, inline)
          ? escapeHtml(surroundings.titleOf(inTree(href)))
          : this.parser.parseInline(inline);
        if (/^(?:https?|mailto):/.test(href)) return `<a href="${escapeHtml(href)}" rel="noopener">${html}</a>`;
        const target = targetOf(href);
        // A file of the repository that is not a page: the site cannot open it.
        if (target === undefined) return `<span class="file" title="In the repository">${html}</span>`;
        return `<a href="${escapeHtml(target)}">${html}</a>`;
      },
      image({ href, text }) {
        const picture = inTree(href);
        if (!surroundings.exists(picture)) throw new BrokenLink(`${source}: there is no ${picture}`);
        pictures.push(picture);
        return `<img src="${relativePath(address, pictureAddress(picture))}" alt="${escapeHtml(text)}">`;
      },
      code: ({ text, lang = '' }) => codeBlock(text, lang),
      codespan: ({ text }) => `<code>${breakable(escapeHtml(text))}</code>`,
      table(token) {
        return `<div class="table">${tableHtml(token, (inline) => this.parser.parseInline(inline))}</div>\n`;
      },
      html: ({ text }) => (text.trimStart().startsWith('<!--') ? '' : text),
    },
  });

  /** Returns whether the link text is the file name of a page; it is then replaced by the title of the page. */
  function isNameOf(href: string, inline: Tokens.Link['tokens']): boolean {
    return surroundings.pages.has(inTree(href)) && plainText(inline).endsWith(posix.basename(href));
  }

  function targetOf(href: string): string | undefined {
    const [path = '', anchor] = href.split('#');
    const page = path === '' ? source : inTree(path);
    if (!surroundings.exists(page)) throw new BrokenLink(`${source}: there is no ${page}`);
    if (!surroundings.pages.has(page)) return undefined;
    if (anchor !== undefined && !surroundings.anchorsOf(page).has(anchor)) {
      throw new BrokenLink(`${source}: ${page} has no section #${anchor}`);
    }
    const way = path === '' ? '' : relativePath(address, addressOf(page));
    return anchor === undefined ? way : `${way}#${anchor}`;
  }

  const html = marked.parser(tokens);
  return { title: headings[0]?.text ?? source, html, headings, pictures };
}

/** Returns the address of a repository picture in the site. */
export function pictureAddress(path: string): string {
  return `pictures/${posix.basename(path)}`;
}

/** Renders a code block, with comments that begin with `#` dimmed. */
function codeBlock(text: string, lang: string): string {
  const escaped = escapeHtml(text);
  const code = ['sh', 'yaml'].includes(lang)
    ? escaped.replaceAll(/(^|\s)(#.*)$/gm, '$1<span class="comment">$2</span>')
    : escaped;
  return `<pre><code${lang === '' ? '' : ` class="language-${escapeHtml(lang)}"`}>${code}\n</code></pre>\n`;
}

/** Allows line breaks in long names after a separator. */
function breakable(escaped: string): string {
  return escaped.length < BREAKABLE ? escaped : escaped.replaceAll(/(?<=\w)([._/])(?=[A-Za-z])/g, '$1<wbr>');
}

/** Renders a table; a header without text is omitted. */
function tableHtml({ header, rows }: Tokens.Table, inline: (tokens: Tokens.TableCell['tokens']) => string): string {
  const row = (cells: readonly Tokens.TableCell[], tag: 'td' | 'th') =>
    `<tr>${cells.map(({ tokens }) => `<${tag}>${inline(tokens)}</${tag}>`).join('')}</tr>`;
  const hasHead = header.some(({ tokens }) => plainText(tokens) !== '');
  const head = hasHead ? `<thead>${row(header, 'th')}</thead>` : '';
  return `<table>${head}<tbody>${rows.map((cells) => row(cells, 'td')).join('\n')}</tbody></table>`;
}
