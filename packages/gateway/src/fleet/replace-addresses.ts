import { API_BASE } from '@medkit/contract';

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const SLASH = 0x2f;

/** Returns the path of the API of a robot on this hub. */
export const apiOf = (robot: string): string => `/fleet/${robot}${API_BASE}`;

/** Replaces addresses in a document that arrives in parts. */
export interface AddressReplacer {
  /** Returns what is complete so far. */
  push(part: Uint8Array): Buffer;
  /** Returns the rest. */
  end(): Buffer;
}

/** The begin of an address in a document, with the character before it. */
interface Mark {
  readonly from: Buffer;
  readonly to: Buffer;
  /** Whether a byte may follow, so that `/api/v10` is no address of `/api/v1`. */
  readonly isEnd: (byte: number | undefined) => boolean;
  /** Whether it is the value of a query parameter. */
  readonly isInQuery: boolean;
}

/**
 * Returns a replacer for documents of JSON, also in lines or event streams. Addresses that begin with the path `from`
 * begin with `to` instead: strings, and parameters in the query of a string that begins with `/`, also percent-encoded.
 * A quote before an address always begins a string, unless a backslash escapes it.
 */
export function addressReplacer(from: string, to: string): AddressReplacer {
  const marks = marksOf(from, to);
  /** End of the parts so far, which may begin an address. */
  let held = Buffer.alloc(0);
  /** Whether an odd number of backslashes precedes `held`. */
  let isEscaped = false;
  /** Whether `held` follows a part of a string that begins with `/`. */
  let isInPath = false;

  const isEscapedAt = (data: Buffer, at: number): boolean => {
    let first = at;
    while (first > 0 && data[first - 1] === BACKSLASH) first -= 1;
    const isOdd = (at - first) % 2 === 1;
    return first === 0 ? isOdd !== isEscaped : isOdd;
  };
  /** Reads on from `start` to `end`, and notes whether the byte at `end` is in a string that begins with `/`. */
  const follow = (data: Buffer, start: number, end: number): void => {
    const bytes = data.subarray(start, end);
    let quote = bytes.lastIndexOf(QUOTE);
    while (quote > 0 && isEscapedAt(data, start + quote)) quote = bytes.subarray(0, quote).lastIndexOf(QUOTE);
    if (quote >= 0 && !isEscapedAt(data, start + quote)) isInPath = data[start + quote + 1] === SLASH;
  };
  /** Returns where the longest end of `data` begins that may begin an address. */
  const heldFrom = (data: Buffer, copied: number): number => {
    for (let at = Math.max(copied, data.length - longest(marks)); at < data.length; at += 1) {
      if (marks.some((mark) => mayBegin(mark.from, data, at))) return at;
    }
    return data.length;
  };
  return {
    push: (part) => {
      const data = held.length === 0 ? Buffer.from(part) : Buffer.concat([held, part]);
      const done: Buffer[] = [];
      let copied = 0;
      let followed = 0;
      for (const [at, { from: begin, to: instead, isEnd, isInQuery }] of found(data, marks)) {
        follow(data, followed, at);
        followed = at;
        const isAddress = isEnd(data[at + begin.length]) && (isInQuery ? isInPath : !isEscapedAt(data, at));
        if (!isAddress) continue;
        done.push(data.subarray(copied, at), instead);
        copied = at + begin.length;
      }
      const rest = heldFrom(data, copied);
      done.push(data.subarray(copied, rest));
      follow(data, followed, rest);
      isEscaped = isEscapedAt(data, rest);
      held = data.subarray(rest);
      return done.length === 1 ? (done[0] as Buffer) : Buffer.concat(done);
    },
    end: () => held,
  };
}

function marksOf(from: string, to: string): readonly Mark[] {
  const mark = (first: string, [before, after]: readonly [string, string], ends: string): Mark => ({
    from: Buffer.from(first + before),
    to: Buffer.from(first + after),
    isEnd: (byte) => byte !== undefined && ends.includes(String.fromCharCode(byte)),
    isInQuery: first === '=',
  });
  const upper = [encodeURIComponent(from), encodeURIComponent(to)] as const;
  const lower = [upper[0].replaceAll('%2F', '%2f'), upper[1]] as const;
  return [
    mark('"', [from, to], '/?#"'),
    mark('=', [from, to], '/"&#'),
    mark('=', upper, '%"&#'),
    mark('=', lower, '%"&#'),
  ];
}

/** Length of the longest end of a document that may begin an address. */
const longest = (marks: readonly Mark[]): number => Math.max(...marks.map(({ from }) => from.length));

/** Returns whether the rest of `data` from `at` is the begin of `mark`, or all of it without the byte that follows. */
function mayBegin(mark: Buffer, data: Buffer, at: number): boolean {
  const length = data.length - at;
  return length <= mark.length && data.compare(mark, 0, length, at) === 0;
}

/** Returns the positions of the marks, in order. */
function found(data: Buffer, marks: readonly Mark[]): readonly (readonly [number, Mark])[] {
  const all: (readonly [number, Mark])[] = [];
  for (const mark of marks) {
    for (let at = data.indexOf(mark.from); at >= 0; at = data.indexOf(mark.from, at + 1)) all.push([at, mark]);
  }
  return all.sort(([first], [second]) => first - second);
}

/** Replaces addresses in a whole document. */
export function replaceAddresses(document: Uint8Array, from: string, to: string): Buffer {
  const replacer = addressReplacer(from, to);
  const first = replacer.push(document);
  const rest = replacer.end();
  return rest.length === 0 ? first : Buffer.concat([first, rest]);
}

/** Replaces the addresses in the query of an address, such as `/apps?resource=/api/v1/areas`. */
export function replaceInQuery(address: string, from: string, to: string): string {
  const at = address.indexOf('?');
  if (at < 0) return address;
  let query = address.slice(at);
  for (const mark of marksOf(from, to).filter(({ isInQuery }) => isInQuery)) {
    const begin = mark.from.toString();
    query = query.replaceAll(begin, (found, index: number, text: string) => {
      const next = index + begin.length;
      return next === text.length || mark.isEnd(text.charCodeAt(next)) ? mark.to.toString() : found;
    });
  }
  return address.slice(0, at) + query;
}

/** Replaces addresses in a body while it is read. */
export async function* replacedBody(
  body: AsyncIterable<Uint8Array>,
  from: string,
  to: string,
): AsyncGenerator<Uint8Array> {
  const replacer = addressReplacer(from, to);
  for await (const part of body) {
    const done = replacer.push(part);
    if (done.length > 0) yield done;
  }
  const rest = replacer.end();
  if (rest.length > 0) yield rest;
}
