import type { FaultListItem, UplinkState } from '@medkit/contract';
import { chainedHash } from '@medkit/store';
import type { RecordLine } from '../ingest/log-lines.ts';

export interface RecordFields {
  readonly atMs?: number;
  readonly boot?: number;
  readonly monoMs?: number;
  readonly key?: string;
}

/** The uplink log of a robot in memory: lines with numbers and chained hashes. */
export interface RobotLog {
  readonly lines: readonly RecordLine[];
  add(kind: string, body: object, fields?: RecordFields): void;
  /** Adds a fault event. */
  fault(code: string, event: 'confirmed' | 'updated' | 'healed' | 'cleared', more?: object): void;
  /** Adds a line that states removed records; the records are not in the log. */
  hole(count: number): void;
  after(seq: number, limit?: number): readonly RecordLine[];
  state(faults?: readonly FaultListItem[], more?: Partial<UplinkState>): UplinkState;
}

export const faultItem = (code: string, severity: 0 | 1 | 2 | 3 = 2): FaultListItem => ({
  fault_code: code,
  severity,
  status: 'CONFIRMED',
});

export function robotLog(log = 'log-1'): RobotLog {
  const lines: RecordLine[] = [];
  let seq = 0;
  let hash: Uint8Array = new Uint8Array(16);
  const add: RobotLog['add'] = (kind, body, { atMs = 0, boot = 1, monoMs = seq, key } = {}) => {
    const text = JSON.stringify(body);
    seq += 1;
    hash = chainedHash(hash, seq, kind, text);
    const head = { seq, kind, at_ms: atMs, boot, mono_ms: monoMs, ...(key !== undefined && { key }) };
    const members = JSON.stringify({ ...head, hash: Buffer.from(hash).toString('hex') }).slice(0, -1);
    lines.push({ seq, text: `${members},"body":${text}}` });
  };
  return {
    lines,
    add,
    fault: (code, event, more = {}) => {
      const fault = { ...faultItem(code), entity_id: 'arm', ...more };
      add('fault', { event_type: `fault_${event}`, fault }, { key: `fault ${code}` });
    },
    hole: (count) => {
      const text = JSON.stringify({ kind: 'hole', from: seq + 1, to: seq + count });
      seq += count;
      lines.push({ seq, text });
    },
    after: (from, limit = 1000) => lines.filter((line) => line.seq > from).slice(0, limit),
    state: (faults = [], more = {}) => ({
      ...{ log, newest: seq, hash: Buffer.from(hash).toString('hex'), removed: 0, boot: 1, at_ms: 0, mono_ms: 0 },
      ...{ tree_etag: 'e', faults: [...faults], more_faults: 0, hubs: [] },
      ...more,
    }),
  };
}
