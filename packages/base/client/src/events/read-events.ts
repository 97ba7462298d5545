/** A server-sent event. */
export interface ServerEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** An event, or the pause before the stream is to be reopened. */
export type StreamItem = ServerEvent | { readonly retryMs: number };

/** A part of a stream for programs that forward it: includes comments, and ids without an event. */
export type StreamPart = StreamItem | { readonly comment: string } | { readonly mark: string };

/** Maximum length of one event in characters. A longer event ends the stream with an error. */
const MAX_EVENT_CHARS = 67_108_864;

/** Reads the events of a stream (HTML Standard, 9.2.6). Throws `RangeError` for an event that exceeds `maxChars`. */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  maxChars = MAX_EVENT_CHARS,
): AsyncGenerator<StreamItem> {
  for await (const parts of readParts(chunks, maxChars)) {
    for (const part of parts) if ('data' in part || 'retryMs' in part) yield part;
  }
}

/** Reads all parts of a stream, and yields those that each chunk completes. Throws like `readEvents`. */
export async function* readParts(
  chunks: AsyncIterable<Uint8Array>,
  maxChars: number,
): AsyncGenerator<readonly StreamPart[]> {
  const lines = new Lines(maxChars);
  const fields = new EventFields(maxChars);
  for await (const chunk of chunks) {
    const parts = lines.add(chunk).flatMap((line) => fields.add(line) ?? []);
    if (parts.length > 0) yield parts;
  }
}

/** Collects the lines of one event; an empty line completes it. */
class EventFields {
  readonly #maxChars: number;
  #id: string | undefined;
  /** Whether the current block contains the id. */
  #isMarked = false;
  #event: string | undefined;
  #data: string[] = [];
  #chars = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  add(line: string): StreamPart | undefined {
    if (line === '') return this.#complete();
    const colon = line.indexOf(':');
    // A line that begins with a colon is a comment that keeps the connection alive.
    if (colon === 0) return { comment: line.slice(1) };
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'retry' && /^\d{1,9}$/.test(value)) return { retryMs: Number(value) };
    if (name === 'id' && !value.includes('\0')) {
      this.#id = value;
      this.#isMarked = true;
    }
    if (name === 'event') this.#event = value;
    if (name === 'data') this.#addData(value);
    return undefined;
  }

  #addData(value: string): void {
    // Counts the end of the line, so that empty lines are limited, too.
    this.#chars += value.length + 1;
    if (this.#chars > this.#maxChars) throw new RangeError(`an event of more than ${this.#maxChars} characters`);
    this.#data.push(value);
  }

  #complete(): StreamPart | undefined {
    const event: ServerEvent = {
      ...(this.#id !== undefined && { id: this.#id }),
      ...(this.#event !== undefined && { event: this.#event }),
      data: this.#data.join('\n'),
    };
    const isEmpty = this.#data.length === 0;
    const mark = this.#isMarked ? this.#id : undefined;
    this.#isMarked = false;
    this.#event = undefined;
    this.#data = [];
    this.#chars = 0;
    if (!isEmpty) return event;
    return mark === undefined ? undefined : { mark };
  }
}

/** Splits text into lines, with any line terminator. Text after the last terminator is not a line. */
class Lines {
  readonly #maxChars: number;
  readonly #decoder = new TextDecoder();
  #rest: string[] = [];
  #restChars = 0;
  #endedWithReturn = false;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** Returns the lines that end in this chunk. */
  add(chunk: Uint8Array): readonly string[] {
    let text = this.#decoder.decode(chunk, { stream: true });
    if (this.#endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    if (text === '') return [];
    this.#endedWithReturn = text.endsWith('\r');
    const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = this.#rest.join('') + lines[0];
      this.#rest = [];
      this.#restChars = 0;
    }
    this.#rest.push(last);
    this.#restChars += last.length;
    if (this.#restChars > this.#maxChars) throw new RangeError(`an event of more than ${this.#maxChars} characters`);
    return lines;
  }
}
