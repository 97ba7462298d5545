import { basename } from 'node:path';
import { AVOIDED_NAME_PARTS, AVOIDED_WORDS } from './avoided-words.ts';

export interface Finding {
  readonly path: string;
  /** The line or sentence that contains the word; the file name if that is the problem. */
  readonly text: string;
  readonly word: string;
  readonly instead: string;
}

const COMMENT_LINE = /^\s*(?:\/\/|\/\*\*?|\*)\s?(.*)$/;
const TRAILING_COMMENT = /[;,{}()[\]] \/\/ (.*)$/;
const TEST_NAME = /^\s*(?:describe|it|test|suite)(?:\.\w+)?\(\s*'((?:[^'\\]|\\.)+)'/;
const QUOTED = /`[^`]*`|"[^"]*"|'[^' ]+'|\{@link [^}]*\}/g;

/** Returns the avoided words in the comments, test names and prose of a file, and in its name. Text in quotes or code style is exempt. */
export function findAvoided(path: string, content: string): readonly Finding[] {
  const texts = path.endsWith('.md') ? proseOf(content) : content.split('\n').flatMap(commentOf);
  return [...nameFindings(path), ...texts.flatMap((text) => wordFindings(path, text))];
}

function wordFindings(path: string, text: string): readonly Finding[] {
  const spoken = text.replaceAll(QUOTED, '');
  return AVOIDED_WORDS.filter(({ allowedIn }) => !allowedIn?.test(path)).flatMap(({ pattern, instead }) =>
    [...spoken.matchAll(pattern)].map(([word]) => ({ path, text: text.trim(), word, instead })),
  );
}

function nameFindings(path: string): readonly Finding[] {
  const name = basename(path).replace(/\.[\w.]+$/, '');
  return name
    .split('-')
    .filter((part) => AVOIDED_NAME_PARTS.has(part))
    .map((word) => ({ path, text: name, word, instead: 'a noun of the field, or a verb for a function' }));
}

function commentOf(line: string): readonly string[] {
  const comment = COMMENT_LINE.exec(line) ?? TRAILING_COMMENT.exec(line) ?? TEST_NAME.exec(line);
  return comment?.[1] ? [comment[1]] : [];
}

/** The lines of Markdown without code blocks and HTML comments. */
function proseOf(markdown: string): readonly string[] {
  return markdown
    .replaceAll(/^ *```.*?^ *```$/gms, '')
    .replaceAll(/<!--.*?-->/gs, '')
    .split('\n');
}
