import type { Row } from '@medkit/store';

/** One line of the log as a hub receives it, without its line break. */
export interface RecordLine {
  /** Number of the record, or the last number of a hole. */
  readonly seq: number;
  readonly text: string;
}

/**
 * Converts rows of the log to lines. `body` is the last member and has the exact text that is hashed. A line
 * `{"kind":"hole","from":…,"to":…}` precedes a record if the records before it were removed, so that a reader can
 * distinguish them from lost ones.
 * @param after number of the last record that the reader has
 */
export function logLines(after: number, rows: readonly Row[]): readonly RecordLine[] {
  let last = after;
  return rows.flatMap((row) => {
    const seq = Number(row.seq);
    const hole = seq === last + 1 ? [] : [{ seq: seq - 1, text: holeText(last + 1, seq - 1) }];
    last = seq;
    return [...hole, { seq, text: recordText(seq, row) }];
  });
}

const holeText = (from: number, to: number): string => JSON.stringify({ kind: 'hole', from, to });

function recordText(seq: number, { kind, at_ms, boot, mono_ms, key, body, hash }: Row): string {
  const head = {
    seq,
    kind: String(kind),
    at_ms: Number(at_ms),
    boot: Number(boot),
    mono_ms: Number(mono_ms),
    ...(key !== null && { key: String(key) }),
    hash: Buffer.from(hash as Uint8Array).toString('hex'),
  };
  return `${JSON.stringify(head).slice(0, -1)},"body":${String(body)}}`;
}
