import { basename } from 'node:path';
import { AVOIDED_NAME_PARTS, AVOIDED_WORDS, FIXED_NAMES } from './avoided-words.ts';

export interface Finding {
  readonly path: string;
  /** The line or text that contains the word, or the name of the file, function, type or variable. */
  readonly text: string;
  readonly word: string;
  readonly instead: string;
}

const COMMENT_LINE = /^\s*(?:\/\/|\/\*\*?|\*)\s?(.*)$/;
const TRAILING_COMMENT = /[;,{}()[\]] \/\/ (.*)$/;
const TEST_NAME = /^\s*(?:describe|it|test|suite)(?:\.\w+)?\(\s*'((?:[^'\\]|\\.)+)'/;
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm;
const STRING = /`((?:[^`\\]|\\.)*)`|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g;
/** Shorter strings are keys and identifiers. SQL names columns, which cannot be renamed. */
const MESSAGE = /^(?!\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER) ).*\w \w+ \w/s;
const TEST_FILE = /^test\/|\.test\.tsx?$/;
const DECLARED = /\b(?:function\*?|const|let|class|interface|type|readonly) (\w+)/g;
/** A variable can always be renamed, unlike a field or a schema. */
const VARIABLE = /^(?:const|let) [a-z]/;
const QUOTED = /`[^`]*`|"[^"]*"|'[^' ]+'|\{@link [^}]*\}/g;

/**
 * Returns the avoided words in a file: in its name, prose, comments, test names, messages and declared names. Text in
 * quotes or code style is exempt, and so are strings of tests: they quote replies.
 */
export function findAvoided(path: string, content: string): readonly Finding[] {
  const file = basename(path).replace(/\.[\w.]+$/, '');
  const inName = nameFindings(path, file, file.split('-'));
  if (path.endsWith('.md')) return [...inName, ...proseOf(content).flatMap((text) => wordFindings(path, text))];
  const code = content.replaceAll(COMMENTS, '');
  const texts = [...content.split('\n').flatMap(commentOf), ...(TEST_FILE.test(path) ? [] : messagesOf(code))];
  return [
    ...inName,
    ...texts.flatMap((text) => wordFindings(path, text)),
    ...[...code.matchAll(DECLARED)]
      .filter(([declaration, name = '']) => VARIABLE.test(declaration) || !FIXED_NAMES.has(name))
      .flatMap(([, name = '']) => nameFindings(path, name, partsOf(name))),
  ];
}

function wordFindings(path: string, text: string): readonly Finding[] {
  const spoken = text.replaceAll(QUOTED, '');
  return AVOIDED_WORDS.filter(({ allowedIn }) => !allowedIn?.test(path)).flatMap(({ pattern, instead }) =>
    [...spoken.matchAll(pattern)].map(([word]) => ({ path, text: text.trim(), word, instead })),
  );
}

function nameFindings(path: string, name: string, parts: readonly string[]): readonly Finding[] {
  return parts
    .filter((part) => AVOIDED_NAME_PARTS.has(part))
    .map((word) => ({ path, text: name, word, instead: 'a noun of the field, or a verb for a function' }));
}

/** `keptLogs` → `kept`, `logs`. Names in snake case are fields of JSON or columns of SQL. */
function partsOf(name: string): readonly string[] {
  if (/[a-z]_/.test(name)) return [];
  return name.split(/(?<=[a-z0-9])(?=[A-Z])|_/).map((part) => part.toLowerCase());
}

function messagesOf(code: string): readonly string[] {
  return [...code.matchAll(STRING)]
    .map(([, ...quoted]) => quoted.join('').replaceAll(/\$\{[^}]*\}/g, '…'))
    .filter((text) => MESSAGE.test(text));
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
