import { errorMessage } from '@medkit/core';
import type { RosAdapter, TopicSample } from '@medkit/ros2';
import { rawValue } from './raw-value.ts';
import type { TaskMeter } from './task-meter.ts';
import type { DecodedSample } from './warm-topic.ts';

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
