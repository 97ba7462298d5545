import { errorMessage, type JsonObject } from '@medkit/core';
import type { RosAdapter, TopicSample } from '@medkit/ros2';
import type { TaskMeter } from './task-meter.ts';
import type { DecodedSample } from './warm-topic.ts';

/** Maximum bytes of a message shown in hex; more would enlarge the answer without use. */
const MAX_HEX_BYTES = 64 * 1024;

/**
 * Returns a function that decodes samples to JSON; a sample that cannot be decoded is shown in hex, with the reason.
 */
export function sampleDecoder(
  adapter: Pick<RosAdapter, 'decode'>,
  meter: TaskMeter,
): (sample: TopicSample) => Promise<DecodedSample> {
  return async ({ type, cdr }) => {
    try {
      const value = await meter.run(() => adapter.decode(type, cdr));
      if (value !== undefined) return { value };
      return {
        value: rawValue(cdr),
        warning: `No definition of ${type} is known: the value is the serialised message in hex`,
      };
    } catch (error) {
      const reason = errorMessage(error);
      return {
        value: rawValue(cdr),
        warning: `The message is not a valid ${type}, so the value is the serialised message in hex: ${reason}`,
      };
    }
  };
}

/**
 * Returns a message that cannot be decoded as JSON: `{"encoding": "cdr", "hex": …, "size_bytes": …, "truncated": …}`.
 * The hex digits are the serialized data with its encapsulation header (RTPS 2.5, 10.2).
 */
function rawValue(cdr: Uint8Array): JsonObject {
  const excerpt = cdr.subarray(0, MAX_HEX_BYTES);
  return {
    encoding: 'cdr',
    hex: Buffer.from(excerpt.buffer, excerpt.byteOffset, excerpt.byteLength).toString('hex'),
    size_bytes: cdr.byteLength,
    truncated: cdr.byteLength > excerpt.byteLength,
  };
}
