/** One event as clients of `text/event-stream` get it. */
export interface ServerEvent {
  /** What a client sends back as `Last-Event-ID` when it comes again. */
  readonly id?: number;
  readonly event?: string;
  /** JSON text, which has no line breaks. */
  readonly data: string;
}

/** The octets of an event, in the order that clients of ros2_medkit expect and with plain line feeds, as they split at these. */
export function eventFrame({ id, event, data }: ServerEvent): Uint8Array {
  const head = (id === undefined ? '' : `id: ${id}\n`) + (event === undefined ? '' : `event: ${oneLine(event)}\n`);
  return Buffer.from(`${head}data: ${data}\n\n`);
}

/** A line that clients pass over. */
export function commentFrame(text: string): Uint8Array {
  return Buffer.from(`:${oneLine(text)}\n\n`);
}

/** A line break would begin a field of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
