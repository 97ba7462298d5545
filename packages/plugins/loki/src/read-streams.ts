import { arrivalNs, isLogSeverity, type LogEntry } from '@medkit/core';

const NS_PER_US = 1000n;

/** The used part of Loki's answer to a range query: streams of lines with their labels. */
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
 * Returns the entries of an answer, oldest first. Sequence numbers of the gateway restart with it, so they are replaced
 * by increasing microseconds since the epoch. Throws for an unexpected answer.
 */
export function readStreams(body: string): readonly LogEntry[] {
  const { status, data } = JSON.parse(body) as StreamsReply;
  if (status !== 'success' || data?.resultType !== 'streams' || !Array.isArray(data.result)) {
    throw new Error('the answer contains no log streams');
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

/**
 * Returns the time after the entry with this number, in nanoseconds since the epoch: the first of the following
 * entries.
 */
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

/** Returns the fields of a line written by medkit; empty for lines of other programs. */
function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    // A line that only begins like an object.
    return {};
  }
}
