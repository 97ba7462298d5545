import { arrivalNs, isLogSeverity, type LogEntry } from '@medkit/core';

const NS_PER_US = 1000n;

/** What Loki answers to a query of a range, as far as it is read: streams of lines by their labels. */
interface StreamsReply {
  readonly status?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: readonly Partial<Stream>[] };
}
interface Stream {
  readonly stream: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch, and a line. */
  readonly values: readonly (readonly [string, string])[];
}

/**
 * The entries of an answer, the oldest first. Numbers of the gateway begin anew with each of its starts, so that here they are
 * microseconds since the epoch, each greater than the one before. Throws where it is no such answer.
 */
export function readStreams(body: string): readonly LogEntry[] {
  const { status, data } = JSON.parse(body) as StreamsReply;
  if (status !== 'success' || data?.resultType !== 'streams' || !Array.isArray(data.result)) {
    throw new Error('it answers no streams of a log');
  }
  const found = data.result.flatMap(({ stream = {}, values = [] }) =>
    values.map((value: Stream['values'][number]) => entryOf(stream, value)),
  );
  found.sort((a, b) => Number(arrivalNs(a) - arrivalNs(b)));
  let last = 0;
  return found.map((entry) => {
    last = Math.max(last + 1, Number(arrivalNs(entry) / NS_PER_US));
    return { ...entry, sequence: last };
  });
}

/** The time behind an entry with this number, nanoseconds since the epoch: the first of those that come after it. */
export function afterSequence(sequence: number): bigint {
  return (BigInt(sequence) + 1n) * NS_PER_US;
}

function entryOf(
  { severity = '', entity = '' }: Stream['stream'],
  [time, line]: Stream['values'][number],
): Omit<LogEntry, 'sequence'> {
  const { message, logger, function: from, file, line: at, logged_ns } = fieldsOf(line);
  const loggedNs = /^\d{1,19}$/.test(String(logged_ns)) ? BigInt(String(logged_ns)) : undefined;
  return {
    timestampNs: loggedNs ?? BigInt(time),
    ...(loggedNs !== undefined && { receivedNs: BigInt(time) }),
    severity: isLogSeverity(severity) ? severity : 'info',
    logger: typeof logger === 'string' ? logger : entity,
    message: typeof message === 'string' ? message : line,
    ...(typeof from === 'string' && { function: from }),
    ...(typeof file === 'string' && { file }),
    ...(typeof at === 'number' && { line: at }),
  };
}

/** Of a line that medkit wrote; none of what another program did. */
function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    // A line that only begins like an object.
    return {};
  }
}
