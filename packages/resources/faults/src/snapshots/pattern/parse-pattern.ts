import { characterClass, escapedCharacter } from './character-class.ts';
import { type PatternNode, REPEATS } from './pattern-node.ts';

/** Maximum characters of a pattern; a fault code has at most 128. */
export const MAX_PATTERN_LENGTH = 256;
/** Maximum nesting of groups. */
const MAX_DEPTH = 16;

const COUNTED = /^\{(\d{1,3})(,(\d{0,3}))?\}/;

/**
 * Parses a regular expression: characters, `.`, classes, groups, choices and repeats. A pattern always matches the
 * whole text, so a leading `^` and a trailing `$` are ignored. Throws an `Error` with the problem. Lookahead and
 * lookbehind are refused, since their matching time is not bounded.
 */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > MAX_PATTERN_LENGTH) throw new Error(`longer than ${MAX_PATTERN_LENGTH} characters`);
  const text = pattern.replace(/^\^/, '').replace(/(?<!\\)((?:\\\\)*)\$$/, '$1');
  const cursor = { text, at: 0 };
  const node = parseChoice(cursor, 0);
  if (cursor.at < text.length) throw new Error('a ) closes no group');
  return node;
}

interface Cursor {
  readonly text: string;
  at: number;
}

function parseChoice(cursor: Cursor, depth: number): PatternNode {
  if (depth > MAX_DEPTH) throw new Error(`more than ${MAX_DEPTH} nested groups`);
  const options = [parseSequence(cursor, depth)];
  while (cursor.text[cursor.at] === '|') {
    cursor.at += 1;
    options.push(parseSequence(cursor, depth));
  }
  return options.length === 1 ? options[0] : { kind: 'choice', options };
}

function parseSequence(cursor: Cursor, depth: number): PatternNode {
  const parts: PatternNode[] = [];
  while (cursor.at < cursor.text.length && !'|)'.includes(cursor.text[cursor.at])) {
    parts.push(parseRepeat(cursor, parseSingle(cursor, depth)));
  }
  return { kind: 'sequence', parts };
}

function parseRepeat(cursor: Cursor, part: PatternNode): PatternNode {
  const range = takeRange(cursor);
  if (range === undefined) return part;
  // A lazy repeat matches the same whole texts.
  if (cursor.text[cursor.at] === '?') cursor.at += 1;
  if (takeRange(cursor) !== undefined) throw new Error('a repeat of nothing');
  const [min, max] = range;
  if (min > max) throw new Error(`{${min},${max}} is not a range`);
  return { kind: 'repeat', part, min, max };
}

function takeRange(cursor: Cursor): readonly [number, number] | undefined {
  const sign = cursor.text[cursor.at];
  if (sign !== undefined && Object.hasOwn(REPEATS, sign)) {
    cursor.at += 1;
    return REPEATS[sign];
  }
  const counted = COUNTED.exec(cursor.text.slice(cursor.at));
  if (counted === null) return undefined;
  cursor.at += counted[0].length;
  const min = Number(counted[1]);
  if (counted[2] === undefined) return [min, min];
  return [min, counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3])];
}

function parseSingle(cursor: Cursor, depth: number): PatternNode {
  const sign = cursor.text[cursor.at];
  cursor.at += 1;
  switch (sign) {
    case '(':
      return parseGroup(cursor, depth);
    case '[': {
      const { accepts, end } = characterClass(cursor.text, cursor.at);
      cursor.at = end;
      return { kind: 'character', accepts };
    }
    case '.':
      return { kind: 'character', accepts: () => true };
    case '\\': {
      const accepts = escapedCharacter(cursor.text[cursor.at]);
      cursor.at += 1;
      return { kind: 'character', accepts };
    }
    case '*':
    case '+':
    case '?':
      throw new Error('a repeat of nothing');
    case '{':
    case '^':
    case '$':
      throw new Error(`${sign} is not supported inside the pattern`);
    default:
      return { kind: 'character', accepts: (character) => character === sign };
  }
}

function parseGroup(cursor: Cursor, depth: number): PatternNode {
  if (cursor.text.startsWith('?:', cursor.at)) cursor.at += 2;
  else if (cursor.text[cursor.at] === '?') throw new Error('lookahead, lookbehind and named groups are not supported');
  const inside = parseChoice(cursor, depth + 1);
  if (cursor.text[cursor.at] !== ')') throw new Error('a ( is not closed');
  cursor.at += 1;
  return inside;
}
