import type { Duplex } from 'node:stream';

/** Maximum length of a line, bytes: a report of 1000 pings has 20 kB. */
export const MAX_CONTROL_LINE_BYTES = 65_536;

/** Sends and receives JSON lines. */
export interface ControlStream<Sent extends object> {
  /** Does nothing after the end of the stream. */
  send(message: Sent): void;
  /** Whether the other end does not read what was sent. */
  readonly isBlocked: boolean;
}

interface ControlOptions {
  readonly onLine: (line: string) => void;
  /** Called with the reason if a line is too long, or `onLine` throws. */
  readonly onProblem: (reason: string) => void;
}

/** Opens the control stream of a link between two hubs. */
export function controlStream<Sent extends object>(
  stream: Duplex,
  { onLine, onProblem }: ControlOptions,
): ControlStream<Sent> {
  let received: Buffer = Buffer.alloc(0);
  let isBroken = false;
  const fail = (reason: string): void => {
    isBroken = true;
    received = Buffer.alloc(0);
    onProblem(reason);
  };
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    if (isBroken) return;
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let end = received.indexOf(0x0a); end >= 0 && !isBroken; end = received.indexOf(0x0a)) {
      const line = received.toString('utf8', 0, end);
      received = received.subarray(end + 1);
      try {
        onLine(line);
      } catch (error) {
        fail(`a message of the other hub is invalid: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (received.length > MAX_CONTROL_LINE_BYTES) fail(`a message has more than ${MAX_CONTROL_LINE_BYTES} bytes`);
  });
  return {
    send: (message) => {
      if (stream.writable) stream.write(`${JSON.stringify(message)}\n`);
    },
    get isBlocked() {
      return stream.writableNeedDrain;
    },
  };
}
