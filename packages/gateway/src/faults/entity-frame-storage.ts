import {
  errorMessage,
  type FieldLimit,
  type FreezeFrame,
  type JsonValue,
  type Log,
  parseJson,
  stringifyJson,
} from '@medkit/core';
import type { FrameStorage } from '@medkit/faults';
import type { Row, Statement } from '@medkit/store';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';

/** Stores freeze frames of entities in the gateway's database. */
export function entityFrameStorage(database: GatewayDatabase, log: Log): FrameStorage {
  return {
    load: () =>
      stored(async () => {
        if (!(await database.exists())) return [];
        const rows = await (await database.store()).read('SELECT * FROM entity_frames ORDER BY number');
        const byFault = Map.groupBy(rows, (row) => String(row.fault_code));
        return [...byFault].map(([faultCode, of]) => ({
          faultCode,
          frames: of.flatMap((row) => frameOf(row, log) ?? []),
        }));
      }),
    write: ({ put: { faultCode, frames }, remove }) =>
      stored(async () => {
        const rows = frames.map((frame) => insertTriggerStatement(faultCode, frame));
        await (await database.store()).write([...[...remove, faultCode].map(removal), ...rows]);
      }),
  };
}

function removal(faultCode: string): Statement {
  return { sql: 'DELETE FROM entity_frames WHERE fault_code = ?', parameters: [faultCode] };
}

function insertTriggerStatement(
  faultCode: string,
  { name, data, history, limits, problem, occurrence, provenance, capturedAtNs }: FreezeFrame,
): Statement {
  return {
    sql: `INSERT INTO entity_frames (fault_code, entity, data, problem, occurrence, at_start, connected, source_ns, captured_at_ns,
            history, limits)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      ...[faultCode, name, stringifyJson(data), problem ?? null, occurrence ?? null],
      ...[Number(provenance?.atStart ?? false), Number(provenance?.connected ?? true)],
      ...[provenance?.sourceTimestampNs ?? 0n, capturedAtNs],
      history === undefined ? null : stringifyJson(history),
      limits === undefined ? null : JSON.stringify(limits),
    ],
  };
}

/** Times are 64-bit integers; values that fit into a number are parsed as numbers. */
function historyOf(text: string): NonNullable<FreezeFrame['history']> {
  const fields = parseJson(text) as Readonly<Record<string, Readonly<Record<'value' | 'history', JsonValue>>>>;
  const timed = ([timeNs, value]: readonly JsonValue[]) => [BigInt(timeNs as number | bigint), Number(value)] as const;
  return Object.fromEntries(
    Object.entries(fields).map(([id, { value, history }]) => {
      const points = (history as readonly (readonly JsonValue[])[]).map(timed);
      return [id, { value: Number(value), history: points }];
    }),
  );
}

function frameOf(row: Row, log: Log): FreezeFrame | undefined {
  const { problem, occurrence } = row;
  try {
    return {
      kind: 'freeze_frame',
      name: String(row.entity),
      channel: '',
      messageType: '',
      data: parseJson(String(row.data)),
      ...(typeof row.history === 'string' && { history: historyOf(row.history) }),
      ...(typeof row.limits === 'string' && { limits: JSON.parse(row.limits) as readonly FieldLimit[] }),
      ...(typeof problem === 'string' && { problem }),
      ...(occurrence !== null && { occurrence: Number(occurrence) }),
      provenance: {
        atStart: row.at_start === 1,
        connected: row.connected === 1,
        sourceTimestampNs: BigInt(row.source_ns as number),
      },
      capturedAtNs: BigInt(row.captured_at_ns as number),
    };
  } catch (error) {
    const frame = `The data of ${row.entity} stored with ${row.fault_code}`;
    log('error', `${frame} is damaged on disk and is skipped: ${errorMessage(error)}`);
    return undefined;
  }
}
