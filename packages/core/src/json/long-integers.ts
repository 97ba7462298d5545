/**
 * Integers longer than a JavaScript number is sure to hold, carried past `JSON.parse` as strings that begin with a mark. A
 * string that begins with the mark itself carries another, so that none is taken for what it is not.
 */

/** DEL, which JSON allows in strings and nobody writes there. */
const MARK = '\u007f';
const INTEGER = `${MARK}i`;
const TEXT = `${MARK}t`;

/** Digits of the shortest integer that may be no safe number, and sign and digits of the longest of 64 bits. */
const SHORTEST = 16;
const LONGEST = 20;

/** Lists and objects inside each other; no message comes near. Brackets alone could make a body take fifty times its size. */
export const MAX_DEPTH = 128;

/**
 * JSON text with every long integer marked. What is no JSON is none afterwards. Throws `SyntaxError` where it is nested too
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

/** What was parsed of marked text, with long integers as `bigint`. Changes lists and objects in place. */
export function unmarked(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(MARK) ? meant(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const member: unknown = value[index];
      if (typeof member !== 'number') value[index] = unmarked(member);
    }
    return value;
  }
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (typeof member === 'object' || typeof member === 'string') members[name] = unmarked(member);
  }
  return value;
}

function meant(text: string): unknown {
  const rest = text.slice(TEXT.length);
  return text.startsWith(INTEGER) ? BigInt(rest) : rest;
}

/** Raw or escaped; that some other escapes are taken for it, too, does no harm. */
function beginsWithMark(text: string, at: number): boolean {
  return text.startsWith(MARK, at) || text.startsWith('\\u007', at);
}

/** True for what a colon follows: a member's name stays as it is, and a number there is no JSON and must not become some. */
function isName(text: string, at: number): boolean {
  let sign = text.charCodeAt(at);
  for (let next = at + 1; sign <= SPACE; next++) sign = text.charCodeAt(next);
  return sign === COLON;
}

/** Of a number with a leading zero, which JSON does not have, it is false, too. */
function isLongInteger(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (text.charCodeAt(first) === ZERO) return false;
  for (let at = first; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return end - first > SHORTEST || !Number.isSafeInteger(Number(text.slice(first, end)));
}

/** Where the string that begins at `start` ends, escaped quotes passed over. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) at++;
    else if (sign === QUOTE) return at;
  }
  return text.length;
}

/** Behind the last character of a number, as far as it looks like one. */
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

/** Character codes; what closes a bracket or brace stands two after what opens it. */
const [SPACE, QUOTE, BACKSLASH, BRACKET, BRACE, COLON] = [0x20, 0x22, 0x5c, 0x5b, 0x7b, 0x3a] as const;
const [ZERO, NINE, MINUS, PLUS, DOT, LOWER_E, UPPER_E] = [0x30, 0x39, 0x2d, 0x2b, 0x2e, 0x65, 0x45] as const;
