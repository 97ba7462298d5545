import { type CallContext, type DataReading, type FreezeFrame, type JsonValue, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Owner } from '../../members/owners.ts';

/** Values of one entity that are kept at most, and how long they may be together as JSON. */
const MAX_VALUES = 256;
const MAX_LENGTH = 65_536;
/** Values that are read at a time. */
const READS_AT_ONCE = 16;

export interface EntityFrameOptions {
  readonly atStart: boolean;
  /** Which time its fault came. */
  readonly occurrence: number;
  readonly clock: Clock;
  readonly call: CallContext;
}

type Known = DataReading & { readonly value: JsonValue };

/**
 * All values of an entity at this moment as one frame, by the ids of its data, `null` for one without a value; `undefined`
 * where none has one. Rejects where the entity does not tell what data it has.
 */
export async function entityFrame(
  owner: Owner<'data'>,
  { atStart, occurrence, clock, call }: EntityFrameOptions,
): Promise<FreezeFrame | undefined> {
  const readings = await readAll(owner, call);
  const known = [...readings.values()].filter((reading) => reading !== undefined);
  if (known.length === 0) return undefined;
  return {
    kind: 'freeze_frame',
    name: owner.entity.id,
    channel: '',
    messageType: '',
    ...frameOf(readings),
    occurrence,
    provenance: {
      atStart,
      connected: known.some(({ publisherCount }) => publisherCount > 0),
      sourceTimestampNs: known.reduce((newest, { timestampNs }) => (timestampNs > newest ? timestampNs : newest), 0n),
    },
    capturedAtNs: clock.wallNs(),
  };
}

/** What is read of each item; `undefined` for one without a value. */
async function readAll({ provider, nativeId }: Owner<'data'>, call: CallContext) {
  const ids = (await provider.list(nativeId, call)).slice(0, MAX_VALUES).map(({ id }) => id);
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
  const problem = `${leftOut} values are left out: a frame has room for ${MAX_LENGTH} characters`;
  return { data: Object.fromEntries(values), ...(leftOut > 0 && { problem }) };
}
