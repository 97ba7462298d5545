import { toEntityId } from '@medkit/core';
import { shortened } from './short-name.ts';

/** Maximum length of a topic name: 255 bytes of DDS less the prefix and suffix of ROS 2. */
export const MAX_TOPIC_LENGTH = 247;
/** Two segments with `/plc/` and a slash fit into a topic. */
const MAX_SEGMENT_LENGTH = 120;
const TOPIC = /^(?:\/[A-Za-z_][A-Za-z0-9_]*)+$/;

/** Returns whether `text` is the full name of a ROS 2 topic. */
export function isRosTopic(text: string): boolean {
  return text.length <= MAX_TOPIC_LENGTH && TOPIC.test(text);
}

/** Returns the default topic of a data point: `/plc/tank_process/tank_level`. */
export function rosTopicOf(entityId: string, dataName: string): string {
  return `/plc/${segmentOf(entityId)}/${segmentOf(dataName)}`;
}

/** Converts a name to a segment of a topic: letters, digits and `_`, not starting with a digit. */
function segmentOf(name: string): string {
  const segment = toEntityId(name).replaceAll('-', '_');
  if (segment === '') return '_unnamed';
  return shortened(/^\d/.test(segment) ? `_${segment}` : segment, MAX_SEGMENT_LENGTH);
}
