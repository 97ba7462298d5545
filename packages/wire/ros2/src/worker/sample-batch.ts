import type { TopicSample } from '../adapter/adapter.ts';

/** The part of a sample that is sent between threads. Its subscription knows topic and type. */
export type BatchedSample = Omit<TopicSample, 'topic' | 'type' | 'message'>;

/** Samples of several subscriptions in few objects: cloning one object per sample would cost more than receiving it. */
export interface SampleBatch {
  /** Weight in the flow control credit, octets. */
  readonly weightBytes: number;
  /** GUIDs of the publishers, without duplicates. */
  readonly gids: readonly string[];
  /** One row of `COLUMNS` 64-bit floating point numbers per sample. The octets of small samples follow the last row. */
  readonly table: ArrayBuffer;
  readonly count: number;
  /** Large samples, each in a separate buffer. */
  readonly large: readonly ArrayBuffer[];
}

/** Subscription, publisher, sequence number, arrival, length, position, seconds and nanoseconds of the source time. */
const COLUMNS = 8;
const CELL_BYTES = 8;
const ROW_BYTES = COLUMNS * CELL_BYTES;

/** Samples up to this length share a buffer. Storing one of them retains the whole buffer, so it must be small. */
const SMALL_BYTES = 4096;

/** Returns the weight of a sample in the credit: its octets and its row. */
export const weightOf = ({ cdr }: Pick<BatchedSample, 'cdr'>): number => cdr.byteLength + ROW_BYTES;

/**
 * Packs samples with their subscription ids. All octets are copied, because a datagram's buffer is shared with other
 * samples and readers and cannot be transferred.
 */
export function packSamples(samples: readonly (readonly [subscription: number, sample: BatchedSample])[]): SampleBatch {
  let smallBytes = 0;
  let weightBytes = 0;
  for (const [, sample] of samples) {
    if (sample.cdr.byteLength <= SMALL_BYTES) smallBytes += sample.cdr.byteLength;
    weightBytes += weightOf(sample);
  }
  let end = samples.length * ROW_BYTES;
  const table = new ArrayBuffer(end + smallBytes);
  const numbers = new Float64Array(table, 0, samples.length * COLUMNS);
  const octets = new Uint8Array(table);
  const gids = new Map<string, number>();
  const large: ArrayBuffer[] = [];
  let cell = 0;
  for (const [subscription, { cdr, gid, sequenceNumber, sourceSeconds, sourceNanoseconds, receivedMs }] of samples) {
    const publisher = gids.get(gid) ?? gids.size;
    gids.set(gid, publisher);
    numbers[cell] = subscription;
    numbers[cell + 1] = publisher;
    numbers[cell + 2] = sequenceNumber;
    numbers[cell + 3] = receivedMs;
    numbers[cell + 4] = cdr.byteLength;
    if (cdr.byteLength <= SMALL_BYTES) {
      octets.set(cdr, end);
      numbers[cell + 5] = end;
      end += cdr.byteLength;
    } else {
      numbers[cell + 5] = large.length;
      large.push(new Uint8Array(cdr).buffer);
    }
    numbers[cell + 6] = sourceSeconds;
    numbers[cell + 7] = sourceNanoseconds;
    cell += COLUMNS;
  }
  return { weightBytes, gids: [...gids.keys()], table, count: samples.length, large };
}

/** Returns the buffers of a batch that are transferred to the other thread. */
export const buffersOf = ({ table, large }: SampleBatch): readonly ArrayBuffer[] => [table, ...large];

/** Delivers the samples of a batch in order. */
export function unpackSamples(batch: SampleBatch, take: (subscription: number, sample: BatchedSample) => void): void {
  const { table, count, gids, large } = batch;
  const numbers = new Float64Array(table, 0, count * COLUMNS);
  for (let cell = 0; cell < numbers.length; cell += COLUMNS) {
    const bytes = numbers[cell + 4];
    const place = numbers[cell + 5];
    take(numbers[cell], {
      cdr: bytes <= SMALL_BYTES ? new Uint8Array(table, place, bytes) : new Uint8Array(large[place]),
      gid: gids[numbers[cell + 1]],
      sequenceNumber: numbers[cell + 2],
      receivedMs: numbers[cell + 3],
      sourceSeconds: numbers[cell + 6],
      sourceNanoseconds: numbers[cell + 7],
    });
  }
}
