import type { Heading } from '../documents/markdown.ts';
import { addressOf, type ContentsSection, relativePath } from './contents.ts';
import { escapeHtml } from './escape-html.ts';

/** Maximum entries in the outline of a page. Above it, only second-level headings are listed. */
const MAX_OUTLINE = 40;

export interface PageParts {
  readonly address: string;
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly contents: readonly ContentsSection[];
  /** Path of its Markdown source, for contributors. */
  readonly source: string;
}

/** Renders one complete page of the site. */
export function pageHtml({ address, title, html, headings, contents, source }: PageParts): string {
  const way = (to: string) => relativePath(address, to);
  const root = way('index.html').replace(/index\.html$/, '');
  return `<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}${title === 'medkit' ? '' : ' · medkit'}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${way('site.css')}">
<script src="${way('site.js')}"></script>
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header>
<button class="menu" type="button" aria-expanded="false" aria-controls="contents">Contents</button>
<a class="name" href="${way('index.html')}">medkit</a>
<div class="search" role="search">
<input type="search" placeholder="Search  /" aria-label="Search" autocomplete="off" spellcheck="false" aria-controls="found">
<ol id="found" hidden></ol>
</div>
<button class="theme" type="button">Dark</button>
</header>
<nav id="contents" aria-label="Contents">${contents.map((section) => sectionHtml(section, address)).join('\n')}</nav>
<main id="content">
${html}<footer>Made from <code>${escapeHtml(source)}</code>.</footer>
</main>
${outlineHtml(headings)}
</body>
</html>
`;
}

function sectionHtml({ title, entries }: ContentsSection, address: string): string {
  const items = entries.map(({ title: name, source }) => {
    const to = addressOf(source);
    const current = to === address ? ' aria-current="page"' : '';
    return `<li><a href="${relativePath(address, to)}"${current}>${escapeHtml(name)}</a></li>`;
  });
  return `<h2>${escapeHtml(title)}</h2>\n<ul>${items.join('\n')}</ul>`;
}

function outlineHtml(headings: readonly Heading[]): string {
  const below = headings.filter(({ depth }) => depth === 2 || depth === 3);
  const listed = below.length > MAX_OUTLINE ? below.filter(({ depth }) => depth === 2) : below;
  if (listed.length < 2) return '';
  const items = listed.map(
    ({ depth, text, anchor }) => `<li class="level-${depth}"><a href="#${anchor}">${escapeHtml(text)}</a></li>`,
  );
  return `<aside aria-label="On this page"><h2>On this page</h2>\n<ul>${items.join('\n')}</ul></aside>`;
}
