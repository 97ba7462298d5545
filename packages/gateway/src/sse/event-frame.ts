/** One event of `text/event-stream`. */
export interface ServerEvent {
  /** The client sends it back as `Last-Event-ID` when it reconnects. */
  readonly id?: number | string;
  readonly event?: string;
  /** JSON text, which has no line breaks. */
  readonly data: string;
}

/** The bytes of an event or a comment, created once for all clients that receive it. */
export interface EventFrame {
  /** Plain bytes, for clients of HTTP/1.0. */
  readonly plain: Buffer;
  /** The same as one chunk of an HTTP/1.1 body (RFC 9112, 7.1). */
  readonly chunk: Buffer;
}

/**
 * Returns the frame of events that are sent together. Fields are in the order that clients of ros2_medkit expect, with
 * plain line feeds, at which they split.
 */
export function eventFrame(...events: readonly ServerEvent[]): EventFrame {
  return frameOf(events.map(textOf).join(''));
}

function textOf({ id, event, data }: ServerEvent): string {
  const head = (id === undefined ? '' : `id: ${id}\n`) + (event === undefined ? '' : `event: ${oneLine(event)}\n`);
  return `${head}data: ${data}\n\n`;
}

/** Returns a comment, which clients ignore. */
export function commentFrame(text: string): EventFrame {
  return frameOf(`:${oneLine(text)}\n\n`);
}

/** Returns a frame with only an id: the reader's position if no event carries it. */
export function positionFrame(id: string): EventFrame {
  return frameOf(`id: ${id}\n\n`);
}

function frameOf(text: string): EventFrame {
  const size = `${Buffer.byteLength(text).toString(16)}\r\n`;
  const chunk = Buffer.from(`${size}${text}\r\n`);
  return { plain: chunk.subarray(size.length, -2), chunk };
}

/** A line break would begin another field. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
