import {
  type CallContext,
  type DataEntry,
  type DataReading,
  type FieldHistory,
  type FieldLimit,
  type FreezeFrame,
  type JsonValue,
  stringifyJson,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Owner } from '@medkit/entities';

/** Maximum values of one entity in a frame, and their maximum length as JSON text. */
const MAX_VALUES = 256;
const MAX_LENGTH = 65_536;
/** Maximum concurrent reads. */
const READS_AT_ONCE = 16;
/** Period of past values in a frame, if the runtime buffers them, and the maximum past values of one item. */
const HISTORY_NS = 60_000_000_000n;
const MAX_PAST_VALUES = 120;
/** Maximum limits in one frame. A fault usually has one limit, or one for each value that can cause it. */
const MAX_LIMITS = 16;

export interface EntityFrameOptions {
  readonly atStart: boolean;
  readonly faultCode: string;
  /** Number of the fault's occurrence. */
  readonly occurrence: number;
  readonly clock: Clock;
  readonly call: CallContext;
}

type Known = DataReading & { readonly value: JsonValue };

/**
 * Captures all current values of an entity as one frame, by data id, `null` for an item without a value. Returns
 * `undefined` if no item has a value. Rejects if the entity cannot list its data.
 */
export async function entityFrame(
  owner: Owner<'data'>,
  { atStart, faultCode, occurrence, clock, call }: EntityFrameOptions,
): Promise<FreezeFrame | undefined> {
  const entries = (await owner.provider.list(owner.nativeId, call)).slice(0, MAX_VALUES);
  const readings = await readAll(owner, entries, call);
  const known = [...readings.values()].filter((reading) => reading !== undefined);
  if (known.length === 0) return undefined;
  const history = await histories(owner, readings, clock.wallNs() - HISTORY_NS, call);
  const limits = limitsOf(entries, faultCode);
  return {
    kind: 'freeze_frame',
    name: owner.entity.id,
    channel: '',
    messageType: '',
    ...frameOf(readings),
    ...(Object.keys(history).length > 0 && { history }),
    ...(limits.length > 0 && { limits }),
    occurrence,
    provenance: {
      atStart,
      connected: known.some(({ publisherCount }) => publisherCount > 0),
      sourceTimestampNs: known.reduce((newest, { timestampNs }) => (timestampNs > newest ? timestampNs : newest), 0n),
    },
    capturedAtNs: clock.wallNs(),
  };
}

/** Reads all items; `undefined` for an item without a value. */
async function readAll({ provider, nativeId }: Owner<'data'>, entries: readonly DataEntry[], call: CallContext) {
  const ids = entries.map(({ id }) => id);
  const readings = new Map<string, Known | undefined>();
  for (let start = 0; start < ids.length; start += READS_AT_ONCE) {
    const some = ids.slice(start, start + READS_AT_ONCE);
    const answers = await Promise.allSettled(some.map((id) => provider.read(nativeId, id, call)));
    for (const [at, id] of some.entries()) {
      const answer = answers[at];
      readings.set(id, answer?.status === 'fulfilled' && isKnown(answer.value) ? answer.value : undefined);
    }
  }
  return readings;
}

/** Returns the limits whose violation causes this fault. */
function limitsOf(entries: readonly DataEntry[], faultCode: string): readonly FieldLimit[] {
  return entries
    .flatMap(({ id, name, limits = [] }) =>
      limits
        .filter((limit) => limit.faultCode === faultCode)
        .map(({ value, side, unit }) => ({ field: id, value, side, ...(unit !== undefined && { unit }), label: name })),
    )
    .slice(0, MAX_LIMITS);
}

/** Returns the past numbers of an entity by data id; empty if the runtime buffers none. */
async function histories(
  { provider, nativeId }: Owner<'data'>,
  readings: ReadonlyMap<string, Known | undefined>,
  sinceNs: bigint,
  call: CallContext,
): Promise<Readonly<Record<string, FieldHistory>>> {
  const past = async ([id, reading]: readonly [string, Known | undefined]) => {
    const value = numberOf(reading?.value);
    if (value === undefined || !provider.recent) return [];
    const { values } = await provider.recent(nativeId, id, { sinceNs, limit: MAX_PAST_VALUES }, call);
    const points = values.flatMap(({ timeNs, value }): [bigint, number][] => {
      const number = numberOf(value);
      return number === undefined ? [] : [[timeNs, number]];
    });
    return points.length < 2 ? [] : [[id, { value, history: points }] as const];
  };
  return Object.fromEntries((await Promise.all([...readings].map(past))).flat());
}

function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function isKnown(reading: DataReading): reading is Known {
  return reading.value !== undefined && reading.value !== null;
}

function frameOf(readings: ReadonlyMap<string, Known | undefined>): Pick<FreezeFrame, 'data' | 'problem'> {
  let room = MAX_LENGTH;
  let leftOut = 0;
  const values = [...readings].map(([id, reading]): [string, JsonValue] => {
    if (!reading) return [id, null];
    const length = stringifyJson(reading.value).length;
    if (length > room) {
      leftOut++;
      return [id, null];
    }
    room -= length;
    return [id, reading.value];
  });
  const problem = `${leftOut} values are omitted: a frame has at most ${MAX_LENGTH} characters`;
  return { data: Object.fromEntries(values), ...(leftOut > 0 && { problem }) };
}
