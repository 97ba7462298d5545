/**
 * Carries integers outside the safe range through `JSON.parse` as strings that begin with a mark. A string that already
 * begins with the mark gets a second kind of mark, so that it is not mistaken for an integer.
 */

/** DEL: valid in JSON strings, and practically unused. */
const MARK = '\u007f';
const INTEGER = `${MARK}i`;
const TEXT = `${MARK}t`;

/** Digits of the shortest integer outside the safe range; sign and digits of the longest 64-bit integer. */
const SHORTEST = 16;
const LONGEST = 20;

/**
 * Maximum nesting of lists and objects, far above that of any message. Nested brackets can take fifty times the size of
 * their text in memory.
 */
export const MAX_DEPTH = 128;

/**
 * Marks every long integer in a JSON text. Invalid JSON stays invalid. Throws `SyntaxError` if the text is nested too
 * deeply.
 */
export function markLongIntegers(text: string): string {
  let marked = '';
  let copied = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      const end = endOfString(text, at);
      if (beginsWithMark(text, at + 1) && !isName(text, end + 1)) {
        marked += `${text.slice(copied, at)}"${TEXT}`;
        copied = at + 1;
      }
      at = end;
    } else if (sign === BRACKET || sign === BRACE) {
      if (++depth > MAX_DEPTH) throw new SyntaxError(`nested more than ${MAX_DEPTH} deep`);
    } else if (sign === BRACKET + 2 || sign === BRACE + 2) {
      depth--;
    } else if (sign === MINUS || isDigit(sign)) {
      const end = endOfNumber(text, at);
      const length = end - at;
      if (length >= SHORTEST && length <= LONGEST && isLongInteger(text, at, end) && !isName(text, end)) {
        marked += `${text.slice(copied, at)}"${INTEGER}${text.slice(at, end)}"`;
        copied = end;
      }
      at = end - 1;
    }
  }
  return marked + text.slice(copied);
}

/** Replaces the marks in a parsed value, giving long integers as `bigint`. Changes lists and objects in place. */
export function restoreLongIntegers(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(MARK) ? restoreString(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const member: unknown = value[index];
      if (typeof member !== 'number') value[index] = restoreLongIntegers(member);
    }
    return value;
  }
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (typeof member === 'object' || typeof member === 'string') members[name] = restoreLongIntegers(member);
  }
  return value;
}

function restoreString(text: string): unknown {
  const rest = text.slice(TEXT.length);
  return text.startsWith(INTEGER) ? BigInt(rest) : rest;
}

/**
 * Accepts the raw and the escaped mark. It also accepts a few other escapes, which is harmless: they get a mark that is
 * removed again.
 */
function beginsWithMark(text: string, at: number): boolean {
  return text.startsWith(MARK, at) || text.startsWith('\\u007', at);
}

/**
 * Returns whether a colon follows. Member names stay unchanged; a number before a colon is invalid JSON and must stay
 * invalid.
 */
function isName(text: string, at: number): boolean {
  let sign = text.charCodeAt(at);
  for (let next = at + 1; sign <= SPACE; next++) sign = text.charCodeAt(next);
  return sign === COLON;
}

/** Returns false for a number with a leading zero, which is invalid JSON and must stay invalid. */
function isLongInteger(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (text.charCodeAt(first) === ZERO) return false;
  for (let at = first; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return end - first > SHORTEST || !Number.isSafeInteger(Number(text.slice(first, end)));
}

/** Returns the index of the closing quote of the string that begins at `start`, skipping escaped quotes. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) at++;
    else if (sign === QUOTE) return at;
  }
  return text.length;
}

/** Returns the index after the last character that can be part of the number. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && isOfNumber(text.charCodeAt(at))) at++;
  return at;
}

function isOfNumber(sign: number): boolean {
  return isDigit(sign) || sign === DOT || sign === MINUS || sign === PLUS || sign === LOWER_E || sign === UPPER_E;
}

function isDigit(sign: number): boolean {
  return sign >= ZERO && sign <= NINE;
}

/** Character codes. Each closing bracket or brace has the code of its opening one plus two. */
const [SPACE, QUOTE, BACKSLASH, BRACKET, BRACE, COLON] = [0x20, 0x22, 0x5c, 0x5b, 0x7b, 0x3a] as const;
const [ZERO, NINE, MINUS, PLUS, DOT, LOWER_E, UPPER_E] = [0x30, 0x39, 0x2d, 0x2b, 0x2e, 0x65, 0x45] as const;
