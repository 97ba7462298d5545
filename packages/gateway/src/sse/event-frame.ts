/** One event as clients of `text/event-stream` get it. */
export interface ServerEvent {
  /** What a client sends back as `Last-Event-ID` when it comes again. */
  readonly id?: number | string;
  readonly event?: string;
  /** JSON text, which has no line breaks. */
  readonly data: string;
}

/** The octets of an event or a comment, made once for all clients that get them. */
export interface EventFrame {
  /** As they are, for clients of HTTP/1.0. */
  readonly plain: Buffer;
  /** The same as one chunk of a body of HTTP/1.1 (RFC 9112, 7.1). */
  readonly chunk: Buffer;
}

/**
 * The frame of events that are sent together, in the order that clients of ros2_medkit expect and with plain line feeds, as
 * they split at these.
 */
export function eventFrame(...events: readonly ServerEvent[]): EventFrame {
  return frameOf(events.map(textOf).join(''));
}

function textOf({ id, event, data }: ServerEvent): string {
  const head = (id === undefined ? '' : `id: ${id}\n`) + (event === undefined ? '' : `event: ${oneLine(event)}\n`);
  return `${head}data: ${data}\n\n`;
}

/** A line that clients pass over. */
export function commentFrame(text: string): EventFrame {
  return frameOf(`:${oneLine(text)}\n\n`);
}

/** The place that a reader has come to, where no event says it: an id that stands by itself. */
export function markFrame(id: string): EventFrame {
  return frameOf(`id: ${id}\n\n`);
}

function frameOf(text: string): EventFrame {
  const size = `${Buffer.byteLength(text).toString(16)}\r\n`;
  const chunk = Buffer.from(`${size}${text}\r\n`);
  return { plain: chunk.subarray(size.length, -2), chunk };
}

/** A line break would begin a field of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
