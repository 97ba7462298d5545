import type { FaultDetailResult } from '@medkit/contract';

/** A freeze frame with the history of its values, as a table. */
export interface FrameTable {
  /** `PROTECTIVE_STOP_1` */
  readonly name: string;
  /** With a header line; sample times as reported by the runtime. */
  readonly csv: string;
}

/** Returns one table for each freeze frame of a fault that has a history. */
export function frameTables(code: string, { environment_data }: FaultDetailResult): readonly FrameTable[] {
  const frames = (environment_data.snapshots ?? []).flatMap((snapshot) => {
    const data: unknown = 'data' in snapshot ? snapshot.data : undefined;
    const fields = Object.entries(Object(data)).filter(([, field]) => Array.isArray(Object(field)['history']));
    return fields.length === 0 ? [] : [fields];
  });
  return frames.map((fields, at) => ({
    name: `${code}_${at + 1}`,
    csv:
      ['field,time,value', ...fields.flatMap(([field, value]) => rows(field, Object(value)['history']))].join('\n') +
      '\n',
  }));
}

function rows(field: string, history: readonly unknown[]): readonly string[] {
  return history.flatMap((sample) =>
    Array.isArray(sample) && sample.length >= 2 ? [`${cell(field)},${cell(sample[0])},${cell(sample[1])}`] : [],
  );
}

/** RFC 4180; prevents spreadsheets from interpreting a text as a formula. */
function cell(value: unknown): string {
  const text = String(value);
  const plain = typeof value === 'string' && /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
