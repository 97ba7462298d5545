const BACKSLASH = 0x5c;

/** Replaces addresses in a document that arrives in parts. */
export interface AddressReplacer {
  /** Returns what is complete so far. */
  push(part: Uint8Array): Buffer;
  /** Returns the rest. */
  end(): Buffer;
}

/**
 * Returns a replacer for documents of JSON, also in lines or event streams: strings that begin with `from` begin with
 * `to` instead. A quote before `from` always begins a string, unless a backslash escapes it.
 */
export function addressReplacer(from: string, to: string): AddressReplacer {
  const pattern = Buffer.from(`"${from}`);
  const replacement = Buffer.from(`"${to}`);
  /** End of the parts so far, which may begin the pattern. */
  let held = Buffer.alloc(0);
  /** Whether an odd number of backslashes precedes `held`. */
  let isEscaped = false;

  const isEscapedAt = (data: Buffer, at: number): boolean => {
    let first = at;
    while (first > 0 && data[first - 1] === BACKSLASH) first -= 1;
    const isOdd = (at - first) % 2 === 1;
    return first === 0 ? isOdd !== isEscaped : isOdd;
  };
  /** Returns where the longest end of `data` begins that may begin the pattern. */
  const heldFrom = (data: Buffer, from: number): number => {
    for (let at = Math.max(from, data.length - pattern.length + 1); at < data.length; at += 1) {
      if (data.subarray(at).equals(pattern.subarray(0, data.length - at))) return at;
    }
    return data.length;
  };
  return {
    push: (part) => {
      const data = held.length === 0 ? Buffer.from(part) : Buffer.concat([held, part]);
      const done: Buffer[] = [];
      let copied = 0;
      for (let at = data.indexOf(pattern); at >= 0; at = data.indexOf(pattern, at + 1)) {
        if (isEscapedAt(data, at)) continue;
        done.push(data.subarray(copied, at), replacement);
        copied = at + pattern.length;
      }
      const rest = heldFrom(data, copied);
      done.push(data.subarray(copied, rest));
      isEscaped = isEscapedAt(data, rest);
      held = data.subarray(rest);
      return done.length === 1 ? (done[0] as Buffer) : Buffer.concat(done);
    },
    end: () => held,
  };
}

/** Replaces addresses in a whole document. */
export function replaceAddresses(document: Uint8Array, from: string, to: string): Buffer {
  const replacer = addressReplacer(from, to);
  const first = replacer.push(document);
  const rest = replacer.end();
  return rest.length === 0 ? first : Buffer.concat([first, rest]);
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
