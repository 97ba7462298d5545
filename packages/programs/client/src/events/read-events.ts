/** A server-sent event. */
export interface ServerEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** What a stream says: an event, or how long to wait before it is opened anew. */
export type StreamItem = ServerEvent | { readonly retryMs: number };

/** Characters of one event at most; a stream that has longer ones is given up. */
const MAX_EVENT_CHARS = 67_108_864;

/** Reads the events of a stream (HTML Standard, 9.2.6). Throws `RangeError` for an event without end. */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  maxChars = MAX_EVENT_CHARS,
): AsyncGenerator<StreamItem> {
  const fields = new EventFields(maxChars);
  for await (const line of readLines(chunks, maxChars)) {
    const item = fields.add(line);
    if (item !== undefined) yield item;
  }
}

/** The lines of one event as they come; an empty one completes it. */
class EventFields {
  readonly #maxChars: number;
  #id: string | undefined;
  #event: string | undefined;
  #data: string[] = [];
  #chars = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  add(line: string): StreamItem | undefined {
    if (line === '') return this.#complete();
    const colon = line.indexOf(':');
    // A line that begins with one is a comment, which keeps the connection alive.
    if (colon === 0) return undefined;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'retry' && /^\d{1,9}$/.test(value)) return { retryMs: Number(value) };
    if (name === 'id' && !value.includes('\0')) this.#id = value;
    if (name === 'event') this.#event = value;
    if (name === 'data') this.#addData(value);
    return undefined;
  }

  #addData(value: string): void {
    // With the end of the line, so that empty ones are bounded, too.
    this.#chars += value.length + 1;
    if (this.#chars > this.#maxChars) throw new RangeError('an event without end');
    this.#data.push(value);
  }

  #complete(): ServerEvent | undefined {
    const event: ServerEvent = {
      ...(this.#id !== undefined && { id: this.#id }),
      ...(this.#event !== undefined && { event: this.#event }),
      data: this.#data.join('\n'),
    };
    const isEmpty = this.#data.length === 0;
    this.#event = undefined;
    this.#data = [];
    this.#chars = 0;
    return isEmpty ? undefined : event;
  }
}

/** Lines as they come, whatever ends them; what stands behind the last end of a line is none. */
async function* readLines(chunks: AsyncIterable<Uint8Array>, maxChars: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let restChars = 0;
  let endedWithReturn = false;
  for await (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true });
    if (endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    if (text === '') continue;
    endedWithReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const last = lines.pop() ?? '';
    for (const line of lines) {
      yield rest.length === 0 ? line : rest.join('') + line;
      rest = [];
      restChars = 0;
    }
    rest.push(last);
    restChars += last.length;
    if (restChars > maxChars) throw new RangeError('an event without end');
  }
}
