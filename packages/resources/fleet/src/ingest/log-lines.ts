import { chainedHex } from '@medkit/store';

/** Records of one robot in one batch. */
export const MAX_RECORDS_OF_ROBOT = 1000;
/** Maximum length of a line: a body of 256 KiB, and the members before it. */
const MAX_LINE_CHARS = 256 * 1024 + 2048;
const KIND = /^[a-z_-]{1,32}$/;
const HASH = /^[0-9a-f]{32}$/;
/** Times of JavaScript, so that a stored time can always be printed. */
const MAX_TIME_MS = 8.64e15;
const BODY = ',"body":';

/** One line of an uplink log without its line break, as the robot sends it. */
export interface RecordLine {
  readonly seq: number;
  readonly text: string;
}

/** A record whose members and whose hash were checked. */
export interface LogRecord {
  readonly seq: number;
  /** `hole` for records that the robot has removed. */
  readonly kind: string;
  readonly atMs: number;
  readonly boot: number;
  readonly monoMs: number;
  /** Hexadecimal; empty for a hole. */
  readonly hash: string;
  /** The text that is hashed. */
  readonly bodyText: string;
  readonly body: unknown;
}

/** End of a log: number and hexadecimal hash of the last record; an empty hash if the record was removed. */
export interface LogEnd {
  readonly seq: number;
  readonly hash: string;
}

export type CheckedLines =
  | { readonly outcome: 'sound'; readonly records: readonly LogRecord[]; readonly end: LogEnd }
  | { readonly outcome: 'hole' | 'malformed'; readonly reason: string };

/**
 * Checks consecutive lines after the record `end`: numbers without holes, members of the right types, and the chain of
 * hashes. A line that states removed records continues the numbers; the hash of the next record is not checked.
 */
export function checkLines(end: LogEnd, lines: readonly RecordLine[]): CheckedLines {
  if (lines.length > MAX_RECORDS_OF_ROBOT) return malformed(end.seq, `there are more than ${MAX_RECORDS_OF_ROBOT}`);
  const records: LogRecord[] = [];
  let { seq, hash } = end;
  for (const { text } of lines) {
    const parsed = parseLine(text);
    if (typeof parsed === 'string') return malformed(seq, parsed);
    if (parsed.from !== seq + 1) {
      return { outcome: 'hole', reason: `record ${parsed.from} follows ${seq}: the records between them are missing` };
    }
    const { record } = parsed;
    if (record.kind !== 'hole' && hash !== '') {
      const expected = chainedHex(hash, record.seq, record.kind, record.bodyText);
      if (expected !== record.hash) return malformed(seq, 'its hash does not match');
    }
    records.push(record);
    ({ seq, hash } = record);
  }
  return { outcome: 'sound', records, end: { seq, hash } };
}

const malformed = (seq: number, problem: string): CheckedLines => ({
  outcome: 'malformed',
  reason: `the record after ${seq} is invalid: ${problem}`,
});

/** Returns the record and the number with which it begins, or the problem of the line. */
function parseLine(text: string): { readonly from: number; readonly record: LogRecord } | string {
  if (text.length > MAX_LINE_CHARS) return `it has more than ${MAX_LINE_CHARS} characters`;
  let line: Readonly<Record<string, unknown>>;
  try {
    line = Object(JSON.parse(text));
  } catch {
    return 'it is not JSON';
  }
  const { seq, kind, at_ms: atMs, boot, mono_ms: monoMs, hash, from, to, body } = line;
  if (kind === 'hole') {
    if (!isNumber(from) || !isNumber(to) || to < from) return 'its numbers are invalid';
    return { from, record: { ...HOLE, seq: to, bodyText: JSON.stringify({ from, to }), body: { from, to } } };
  }
  if (!isNumber(seq) || !isNumber(boot) || !isNumber(monoMs)) return 'its numbers are invalid';
  if (!Number.isSafeInteger(atMs) || Math.abs(atMs as number) > MAX_TIME_MS) return 'its time is invalid';
  if (typeof kind !== 'string' || !KIND.test(kind)) return 'its kind is invalid';
  if (typeof hash !== 'string' || !HASH.test(hash)) return 'its hash is invalid';
  // A quote within a text is escaped, so that the first occurrence is the member.
  const at = text.indexOf(BODY);
  if (at < 0 || !text.endsWith('}')) return 'it has no body at its end';
  return {
    from: seq,
    record: {
      ...{ seq, kind, boot, monoMs, hash, body, atMs: atMs as number },
      bodyText: text.slice(at + BODY.length, -1),
    },
  };
}

const HOLE = { kind: 'hole', atMs: 0, boot: 0, monoMs: 0, hash: '' } as const;

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
